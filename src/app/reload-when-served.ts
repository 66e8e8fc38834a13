import { type Clock, systemClock } from '../platform/clock.ts'

const periodMs = 60_000

/**
 * Loads the page anew once its host answers, a minute from now at the earliest: a page that fails again at once makes
 * no storm, and while the host is away no error page of the browser takes this one's place. The returned function ends it.
 */
export function reloadWhenServed(clock: Clock, served: () => Promise<boolean>, reload: () => void): () => void {
  return clock.every(periodMs, () => void served().then((there) => there && reload()))
}

function pageIsServed(): Promise<boolean> {
  return fetch(window.location.href, { method: 'HEAD', cache: 'no-store' }).then(
    ({ ok }) => ok,
    () => false,
  )
}

/** For what a wall without anybody before it cannot do without. */
export function reloadThisPage(): () => void {
  return reloadWhenServed(systemClock, pageIsServed, () => window.location.reload())
}
