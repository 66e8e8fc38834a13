/** Whether everything that a GLB's JSON names by number is there: the loader's own word for it is a stack trace. */
import type { CodecError } from '../contract/decode.ts'
import { field, list } from './json-fields.ts'

const lists = [
  'scenes',
  'nodes',
  'meshes',
  'accessors',
  'bufferViews',
  'buffers',
  'materials',
  'skins',
  'cameras',
] as const
type List = (typeof lists)[number]

export function checkReferences(root: unknown): CodecError | undefined {
  for (const name of lists)
    for (const [at, item] of list(root, name).entries())
      if (typeof item !== 'object' || item === null) return wrong(`${name}.${at}`, 'is nothing')
      else if (!/^(string|undefined)$/.test(typeof field(item, 'name')))
        return wrong(`${name}.${at}.name`, 'is no text')
  const lost = (of: unknown, name: string, into: List, path: string): CodecError | undefined => {
    const index = field(of, name)
    if (index === undefined || (Number.isInteger(index) && (index as number) in list(root, into))) return undefined
    return wrong(`${path}${name}`, `there is no ${String(index).slice(0, 24)} in ${into}`)
  }
  const attributes = (of: unknown, path: string): CodecError | undefined => {
    for (const name of typeof of === 'object' && of !== null ? Object.keys(of) : []) {
      const problem = lost(of, name, 'accessors', `${path}.`)
      if (problem) return problem
    }
    return undefined
  }
  for (const [at, node] of list(root, 'nodes').entries()) {
    const path = `nodes.${at}.`
    const problem =
      lost(node, 'mesh', 'meshes', path) ?? lost(node, 'skin', 'skins', path) ?? lost(node, 'camera', 'cameras', path)
    if (problem) return problem
  }
  for (const [at, mesh] of list(root, 'meshes').entries())
    for (const [part, primitive] of list(mesh, 'primitives').entries()) {
      const path = `meshes.${at}.primitives.${part}`
      let problem =
        attributes(field(primitive, 'attributes'), `${path}.attributes`) ??
        lost(primitive, 'indices', 'accessors', `${path}.`) ??
        lost(primitive, 'material', 'materials', `${path}.`)
      for (const [i, target] of list(primitive, 'targets').entries())
        problem ??= attributes(target, `${path}.targets.${i}`)
      if (problem) return problem
    }
  return lost(root, 'scene', 'scenes', '')
}

function wrong(path: string, message: string): CodecError {
  return { code: 'invalid', path, message }
}
