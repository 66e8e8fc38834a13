/** A choice kept in this browser; undefined where it is unknown or storage is forbidden. */
export function remembered<T extends string>(key: string, allowed: readonly T[]): T | undefined {
  try {
    const value = localStorage.getItem(`parkloop.${key}`)
    return allowed.find((word) => word === value)
  } catch {
    return undefined
  }
}

/** Storage may be forbidden or full; the choice then lasts for this visit. */
export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`parkloop.${key}`, value)
  } catch {}
}
