/** Other parks for this page: what can be chosen, whether a file will do, and the way there. */
import { brokerAddress, type ConsoleConfig } from '../contract/console-config.ts'
import { decodeJson, encodeJson } from '../contract/decode.ts'
import type { SiteReference } from '../contract/messages.ts'
import type { CheckedSite, KnownSite, SiteFault, SiteOrigin, SitePort } from '../contract/site-port.ts'
import { siteTopics } from '../contract/topics.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { sha256Hex } from '../platform/sha256.ts'
import type { SiteSpec } from '../sense/site-desk.ts'
import { openSiteDesk, type SiteDeskClient } from '../sense/site-desk-client.ts'
import { maxSiteFileBytes } from '../site/file-limit.ts'
import type { ParkBus } from '../site/park-bus.ts'
import { siteFault } from './site-fault.ts'

export interface SiteSwitchOptions {
  readonly config: ConsoleConfig
  readonly pageUrl: string
  readonly clientId: string
  readonly publish: ParkBus['publish']
  /** Leaves the running park for this one. */
  readonly enter: (siteId: string) => void
}

/** Larger site files are pointed at, so that a retained message stays small. */
const inlineBytes = 1024 * 1024

export class SiteSwitch implements SitePort {
  readonly #o: SiteSwitchOptions
  #desk: SiteDeskClient | undefined
  #told: readonly KnownSite[] = []

  constructor(options: SiteSwitchOptions) {
    this.#o = options
  }

  get wanted(): string {
    return this.#o.config.siteId
  }

  get takesSites(): boolean {
    return this.#o.config.takesSites === true
  }

  look(listener: (sites: readonly KnownSite[]) => void): () => void {
    const { config, pageUrl, clientId } = this.#o
    const { username, password } = config
    const desk = openSiteDesk(
      {
        url: brokerAddress(config, pageUrl),
        clientId: `${clientId}-sites`,
        pageUrl,
        ...(username !== undefined && { username }),
        ...(password !== undefined && { password }),
      },
      (told) => {
        this.#told = told
        listener(this.#known())
      },
    )
    this.#desk = desk
    listener(this.#known())
    return () => {
      desk.dispose()
      if (this.#desk === desk) this.#desk = undefined
    }
  }

  async check(origin: SiteOrigin): Promise<Result<CheckedSite, SiteFault>> {
    const spec = await this.#specOf(origin)
    if (!spec.ok) return spec
    return this.#desk?.check(spec.value) ?? err({ code: 'stopped', path: '', message: '' })
  }

  async enter(site: CheckedSite, origin: SiteOrigin): Promise<Result<void, SiteFault>> {
    const brought = origin.kind === 'known' ? ok(undefined) : await this.#bring(site, origin)
    if (brought.ok) this.#o.enter(site.id)
    return brought
  }

  #known(): readonly KnownSite[] {
    const offered = (this.#o.config.sites ?? []).map((site): KnownSite => ({ ...site, from: 'host' }))
    return [...offered, ...this.#told.filter(({ id }) => !offered.some((site) => site.id === id))]
  }

  async #specOf(origin: SiteOrigin): Promise<Result<SiteSpec, SiteFault>> {
    if (origin.kind === 'known') {
      const offered = this.#o.config.sites?.some(({ id }) => id === origin.id)
      return ok(offered ? { kind: 'address', url: `sites/${origin.id}.site.json` } : { kind: 'told', id: origin.id })
    }
    if (origin.kind === 'address') {
      if (/^https?:\/\//i.test(origin.url) && URL.canParse(origin.url)) return ok(origin)
      return err({ code: 'badAddress', path: '', message: origin.url.slice(0, 200) })
    }
    const { file } = origin
    if (file.size > maxSiteFileBytes)
      return err({ code: 'tooLarge', path: '', message: `${file.size} bytes, at most ${maxSiteFileBytes}` })
    try {
      return ok({ kind: 'bytes', bytes: new Uint8Array(await file.arrayBuffer()) })
    } catch (error) {
      return err({ code: 'unreachable', path: '', message: error instanceof Error ? error.message : String(error) })
    }
  }

  #bring(site: CheckedSite, origin: SiteOrigin): Promise<Result<void, SiteFault>> {
    if (this.takesSites) return this.#putToServer(site)
    if (this.#told.some(({ id }) => id === site.id))
      return Promise.resolve(err({ code: 'taken', path: 'id', message: site.id }))
    return this.#announce(site, origin.kind === 'address' ? origin.url : undefined)
  }

  async #putToServer({ id, bytes }: CheckedSite): Promise<Result<void, SiteFault>> {
    try {
      const address = new URL(`sites/${id}.site.json`, new URL('.', this.#o.pageUrl))
      const response = await fetch(address, { method: 'PUT', body: bytes })
      if (response.ok) return ok(undefined)
      const told = decodeJson(siteFault, new Uint8Array(await response.arrayBuffer()))
      return err(told.ok ? told.value : { code: 'unreachable', path: '', message: `HTTP ${response.status}` })
    } catch (error) {
      return err({ code: 'unreachable', path: '', message: error instanceof Error ? error.message : String(error) })
    }
  }

  /** For everybody on the broker, retained: the file, or where it lies. */
  async #announce({ id, name, bytes }: CheckedSite, url: string | undefined): Promise<Result<void, SiteFault>> {
    const pointed = bytes.byteLength > inlineBytes
    if (pointed && url === undefined)
      return err({ code: 'tooLarge', path: '', message: `${bytes.byteLength} bytes, at most ${inlineBytes}` })
    const reference: SiteReference | undefined =
      pointed && url !== undefined ? { url, sha256: sha256Hex(bytes), name } : undefined
    const payload = reference ? encodeJson(reference) : bytes
    const told = await this.#o.publish({ topic: siteTopics(id).site, payload, qos: 1, retain: true })
    return told.ok ? told : err({ code: 'linkDown', path: '', message: told.error.message })
  }
}
