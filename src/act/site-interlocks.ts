import type { SiteFile } from '../site/schema.ts'
import type { InterlockRule } from './interlocks.ts'

/** A site's own interlocks, in the form of the general ones. Class names are words, not patterns: a file cannot bring its own expressions. */
export function siteInterlocks(site: Pick<SiteFile, 'interlocks'> | undefined): readonly InterlockRule[] {
  return (site?.interlocks ?? []).map(({ classes, ...rule }) => {
    const scope = classes && { classes: classes.map((word) => word.replace(/[^a-z0-9_ ]/gi, '\\$&')).join('|') }
    if (rule.type === 'minimumOffTime') return { ...rule, ...scope }
    const { min, max, ...limit } = rule
    return { ...limit, ...scope, ...(min !== undefined && { min }), ...(max !== undefined && { max }) }
  })
}
