import type { CheckedSite, KnownSite, SiteFault } from '../contract/site-port.ts'
import { err, type Result } from '../platform/result.ts'
import type { SiteDeskCommand, SiteDeskReport, SiteLook, SiteSpec } from './site-desk.ts'

/** The part of `Worker` this client needs. */
export interface SiteDeskWorker {
  postMessage(command: SiteDeskCommand, transfer: Transferable[]): void
  addEventListener(type: 'message', listener: (event: MessageEvent<SiteDeskReport>) => void): void
  addEventListener(type: 'error', listener: (event: ErrorEvent) => void): void
  terminate(): void
}

export interface SiteDeskClient {
  check(site: SiteSpec): Promise<Result<CheckedSite, SiteFault>>
  dispose(): void
}

/** A second worker of the link's kind, for as long as somebody chooses. */
export function openSiteDesk(
  look: SiteLook,
  told: (sites: readonly KnownSite[]) => void,
  given?: SiteDeskWorker,
): SiteDeskClient {
  const worker =
    given ??
    (new Worker(new URL('./sense.worker.ts', import.meta.url), { type: 'module', name: 'sites' }) as SiteDeskWorker)
  const waiting = new Map<number, (outcome: Result<CheckedSite, SiteFault>) => void>()
  let nextRequestId = 1
  const stop = (message: string) => {
    worker.terminate()
    for (const settle of waiting.values()) settle(err({ code: 'stopped', path: '', message }))
    waiting.clear()
  }
  worker.addEventListener('message', ({ data }) => {
    if (data.type === 'told') return told(data.sites)
    waiting.get(data.requestId)?.(data.outcome)
    waiting.delete(data.requestId)
  })
  worker.addEventListener('error', ({ message }) => stop(message))
  worker.postMessage({ type: 'look', look }, [])
  return {
    check(site) {
      const requestId = nextRequestId++
      return new Promise((resolve) => {
        waiting.set(requestId, resolve)
        worker.postMessage({ type: 'checkSite', requestId, site }, site.kind === 'bytes' ? [site.bytes.buffer] : [])
      })
    },
    dispose: () => stop('closed here'),
  }
}
