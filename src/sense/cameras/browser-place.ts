import { type Clock, delay } from '../../platform/clock.ts'
import type { HttpPlace } from './http-request.ts'

/** A violation is reported to the page a moment after the request failed. */
const reportWithinMs = 600

/** The page or worker this runs in. */
export function browserPlace(clock: Clock): HttpPlace {
  return {
    fetch: (url, init) => fetch(url, init),
    secure: self.location.protocol === 'https:',
    someoneAnswers: (url, signal) => someoneAnswers(clock, url, signal),
  }
}

/**
 * Asks the host's root in a way that needs no permission. (Not the address itself: an endless stream that must not be read
 * is blocked or held back while its type is guessed.) A page that is isolated from other origins, as this one is for the
 * sake of threads, gets no such answer either, but a report that one was kept from it.
 */
async function someoneAnswers(clock: Clock, url: string, signal: AbortSignal): Promise<boolean> {
  const root = new URL('/', url).href
  let kept = false
  const observer =
    typeof ReportingObserver === 'undefined'
      ? undefined
      : new ReportingObserver(
          (reports) => {
            kept ||= reports.some((report) => blockedUrl(report) === root)
          },
          { types: ['coep'] },
        )
  observer?.observe()
  try {
    await fetch(root, { method: 'HEAD', mode: 'no-cors', cache: 'no-store', signal })
    return true
  } catch {
    await delay(clock, reportWithinMs)
    return kept
  } finally {
    observer?.disconnect()
  }
}

/** The fields of a report's body are only to be had as JSON (Reporting API §4.1). */
function blockedUrl(report: unknown): unknown {
  const plain: unknown = JSON.parse(JSON.stringify(report))
  if (typeof plain !== 'object' || plain === null || !('body' in plain)) return undefined
  const { body } = plain
  return typeof body === 'object' && body !== null && 'blockedURL' in body ? body.blockedURL : undefined
}
