/** Lists the sites that a broker tells of and checks site files, in a worker of its own: the running park never waits for it. */
import * as v from 'valibot'
import type { CodecError } from '../contract/decode.ts'
import { decodeJson } from '../contract/decode.ts'
import { localText, type SiteReference, siteReference } from '../contract/messages.ts'
import type { CheckedSite, KnownSite, SiteFault } from '../contract/site-port.ts'
import { parseTopic, topicRoot } from '../contract/topics.ts'
import type { Clock } from '../platform/clock.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { loadSite } from '../site/load.ts'
import { MqttLink } from './mqtt-link.ts'
import { fetchSiteFile } from './site-fetch.ts'

export interface SiteLook {
  readonly url: string
  readonly clientId: string
  /** What addresses of site files are relative to. */
  readonly pageUrl: string
  readonly username?: string
  readonly password?: string
}

export type SiteSpec =
  | { readonly kind: 'told'; readonly id: string }
  | { readonly kind: 'address'; readonly url: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }

export type SiteDeskCommand =
  | { readonly type: 'look'; readonly look: SiteLook }
  | { readonly type: 'checkSite'; readonly requestId: number; readonly site: SiteSpec }

export type SiteDeskReport =
  | { readonly type: 'told'; readonly sites: readonly KnownSite[] }
  | {
      readonly type: 'checked'
      readonly requestId: number
      readonly outcome: Result<CheckedSite, SiteFault>
    }

const mostSites = 64
const mostBytes = 64 * 1024 * 1024
/** A message that points at a site file is short. */
const maxReferenceBytes = 4096
const named = v.object({ name: localText })

export class SiteDesk {
  readonly #post: (report: SiteDeskReport, transfer: Transferable[]) => void
  readonly #clock: Clock
  readonly #told = new Map<string, Uint8Array>()
  #bytes = 0
  #look: SiteLook | undefined
  #link: MqttLink | undefined

  constructor(post: (report: SiteDeskReport, transfer: Transferable[]) => void, clock: Clock) {
    this.#post = post
    this.#clock = clock
  }

  handle(command: SiteDeskCommand): void {
    if (command.type === 'look') this.#listen(command.look)
    else void this.#check(command.requestId, command.site)
  }

  async dispose(): Promise<void> {
    await this.#link?.dispose()
  }

  #listen(look: SiteLook): void {
    this.#look = look
    this.#link = new MqttLink({
      ...look,
      clock: this.#clock,
      onState: ({ phase }) => phase === 'online' && this.#tell(),
      onMessage: (topic, payload) => {
        const parsed = parseTopic(topic)
        if (parsed?.kind === 'site') this.#heard(parsed.site, payload)
      },
    })
    this.#link.subscribe([{ filter: `${topicRoot}/+/site`, qos: 1 }])
    this.#link.start()
  }

  #heard(id: string, payload: Uint8Array): void {
    const before = this.#told.get(id)
    this.#bytes -= before?.byteLength ?? 0
    this.#told.delete(id)
    const fits = this.#told.size < mostSites && this.#bytes + payload.byteLength <= mostBytes
    if (payload.byteLength > 0 && fits) {
      this.#told.set(id, new Uint8Array(payload))
      this.#bytes += payload.byteLength
    }
    this.#tell()
  }

  #tell(): void {
    const sites = [...this.#told].map(([id, payload]): KnownSite => {
      const decoded = decodeJson(named, payload)
      return { id, name: decoded.ok ? decoded.value.name : undefined, from: 'broker' }
    })
    this.#post({ type: 'told', sites }, [])
  }

  async #check(requestId: number, site: SiteSpec): Promise<void> {
    const outcome = await this.#checked(site)
    this.#post({ type: 'checked', requestId, outcome }, outcome.ok ? [outcome.value.bytes.buffer] : [])
  }

  async #checked(spec: SiteSpec): Promise<Result<CheckedSite, SiteFault>> {
    const got = spec.kind === 'bytes' ? ok(spec.bytes) : await this.#bytesOf(spec)
    if (!got.ok) return got
    const bytes = new Uint8Array(got.value)
    const loaded = loadSite(bytes)
    if (!loaded.ok) return loaded
    const { id, name, buildings, zones, equipment, cameras } = loaded.value
    if (spec.kind === 'told' && id !== spec.id)
      return err({ code: 'invalid', path: 'id', message: `is “${id}”, the topic says “${spec.id}”` })
    return ok({
      id,
      name,
      buildings: buildings.length,
      zones: zones.length,
      devices: equipment.length,
      cameras: cameras.length,
      bytes,
    })
  }

  #bytesOf(spec: Exclude<SiteSpec, { kind: 'bytes' }>): Promise<Result<Uint8Array, SiteFault>> {
    if (spec.kind === 'address') return this.#fetch({ url: spec.url })
    const payload = this.#told.get(spec.id)
    if (!payload) return Promise.resolve(err({ code: 'invalid', path: '', message: `nobody tells of “${spec.id}”` }))
    const reference = payload.byteLength <= maxReferenceBytes ? decodeJson(siteReference, payload) : undefined
    return reference?.ok ? this.#fetch(reference.value) : Promise.resolve(ok(payload))
  }

  async #fetch(reference: Pick<SiteReference, 'url'> & Partial<SiteReference>): Promise<Result<Uint8Array, SiteFault>> {
    const got = await fetchSiteFile(this.#look?.pageUrl ?? '', this.#clock, reference)
    return got.ok ? got : err(faultOf(got.error))
  }
}

/** What went wrong on the way to a file is not wrong in the file. */
function faultOf(error: CodecError): SiteFault {
  if (error.path !== 'url') return error
  return { ...error, code: error.code === 'tooLarge' ? 'tooLarge' : 'unreachable', path: '' }
}
