/** An expected outcome: a value or a failure, never an exception. Bugs throw; expected failures are returned. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E }

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value }
}

export function err<E>(error: E): { readonly ok: false; readonly error: E } {
  return { ok: false, error }
}

/** Closes a union: the compiler refuses a `switch` that forgot a member. */
export function exhaustive(value: never): never {
  throw new Error(`unhandled member of a closed union: ${JSON.stringify(value)}`)
}
