/** What the server tells the page at `config.json`, next to `index.html`. A static host ships it as a file. */
import * as v from 'valibot'
import { localText } from './messages.ts'

const siteId = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/))

export const consoleConfig = v.object({
  /** `ws://…` or `wss://…`, or a path on the page's own host such as `/mqtt`. */
  brokerUrl: v.pipe(v.string(), v.maxLength(500)),
  /** A site's id, or `any` for the first one that the broker tells of. */
  siteId,
  /** Whether the site is simulated here: virtual cameras have a world to look at, stories can be started. */
  sim: v.boolean(),
  /** Simulated sites that the server brings up when a console looks at them. */
  sites: v.optional(v.pipe(v.array(v.object({ id: siteId, name: localText })), v.maxLength(64))),
  /** Whether a site file may be brought to the server by `PUT sites/{id}.site.json`, to be simulated there. */
  takesSites: v.optional(v.boolean()),
  username: v.optional(v.pipe(v.string(), v.maxLength(200))),
  password: v.optional(v.pipe(v.string(), v.maxLength(200))),
})
export type ConsoleConfig = v.InferOutput<typeof consoleConfig>

/** The address to connect to; a path is taken on the page's host, encrypted when the page is. */
export function brokerAddress(config: ConsoleConfig, pageUrl: string): string {
  const url = new URL(config.brokerUrl, pageUrl)
  if (url.protocol === 'http:') url.protocol = 'ws:'
  if (url.protocol === 'https:') url.protocol = 'wss:'
  return url.href
}
