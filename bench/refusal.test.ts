import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { describe, expect, it } from 'vitest'
import { evalModels } from './eval-models.ts'
import { flagValue } from './model-card.ts'
import { Refusal, refusalLine, refuseUnknownFlags, wholeNumber } from './refusal.ts'

const caught = async (run: () => unknown): Promise<unknown> => {
  try {
    await run()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

describe('a refused command', () => {
  it('is told in one line: what was refused, a file that is not there, a flag that is none', async () => {
    expect(refusalLine(new Refusal('two\n  lines'))).toBe('two lines')
    const gone = await caught(() => readFile('no/such/file.json'))
    expect(refusalLine(gone)).toMatch(/^ENOENT.*no\/such\/file\.json'$/)
    expect(refusalLine(await caught(() => readFile('.')))).toMatch(/^EISDIR/)
    const flag = await caught(() => parseArgs({ args: ['--nosuch'], options: {} }))
    expect(refusalLine(flag)).toContain('--nosuch')
  })

  it('is none where the code is wrong: that keeps its stack', async () => {
    const bug = await caught(() => (undefined as unknown as { a: number }).a)
    expect(refusalLine(bug)).toBeUndefined()
    expect(refusalLine('thrown text')).toBeUndefined()
  })
})

describe('flags', () => {
  const help = 'eval it\n  --model DIR  a folder, --gpu-looks N  as often\n'

  it('that the help does not name are refused, and those that lack their value', () => {
    expect(() => refuseUnknownFlags(['--model', 'a', '--gpu-looks', '2'], help)).not.toThrow()
    expect(() => refuseUnknownFlags(['--modle', 'a'], help)).toThrow(Refusal)
    expect(flagValue(['--model', 'a'], 'model')).toBe('a')
    expect(flagValue([], 'model')).toBeUndefined()
    expect(() => flagValue(['--model'], 'model')).toThrow(Refusal)
    expect(() => flagValue(['--model', '--limit', '3'], 'model')).toThrow(Refusal)
  })

  it('take whole numbers only where a count is asked for', () => {
    expect(wholeNumber('threads', '2')).toBe(2)
    for (const text of ['', 'many', '0', '-1', '1.5', 'NaN', '1e99'])
      expect(() => wholeNumber('threads', text)).toThrow(`--threads ${text}: `)
  })

  it('that name no model are refused before any is judged', async () => {
    await expect(evalModels(['--only', 'detecter'])).rejects.toThrow('--only detecter: detector, forecaster')
    await expect(evalModels(['--nocard'])).rejects.toThrow('unknown: --nocard')
  })
})
