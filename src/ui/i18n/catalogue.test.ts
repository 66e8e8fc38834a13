import { describe, expect, it } from 'vitest'
import { en } from './en.ts'
import { zh } from './zh.ts'

type Leaves = Map<string, unknown>

function leavesOf(value: unknown, path = '', found: Leaves = new Map()): Leaves {
  if (typeof value !== 'object' || value === null) return found.set(path, value)
  for (const [key, inner] of Object.entries(value)) leavesOf(inner, path === '' ? key : `${path}.${key}`, found)
  return found
}

describe('the Chinese catalogue', () => {
  const source = leavesOf(en)
  const translated = leavesOf(zh)

  it('says everything that the English one says, in open sets of words too', () => {
    expect([...translated.keys()].sort()).toEqual([...source.keys()].sort())
  })

  it('leaves no text empty', () => {
    expect([...translated, ...source].filter(([, text]) => text === '')).toEqual([])
  })

  it('uses every parameter that the source uses', () => {
    const arity = (leaves: Leaves) =>
      Object.fromEntries([...leaves].map(([path, text]) => [path, typeof text === 'function' ? text.length : 0]))
    expect(arity(translated)).toEqual(arity(source))
  })
})
