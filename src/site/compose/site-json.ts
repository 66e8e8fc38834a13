import type { SiteInput } from './shapes.ts'

/** The text of a shipped site file: one item a line, so that a change shows as one line in a diff. */
export function siteJson(site: SiteInput): string {
  return `${write(site, '', 3)}\n`
}

function write(value: unknown, indent: string, depth: number): string {
  if (depth === 0 || typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = `${indent} `
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]'
    return `[\n${value.map((item) => inner + write(item, inner, 0)).join(',\n')}\n${indent}]`
  }
  const entries = Object.entries(value)
  return `{\n${entries.map(([key, item]) => `${inner}${JSON.stringify(key)}: ${write(item, inner, depth - 1)}`).join(',\n')}\n${indent}}`
}
