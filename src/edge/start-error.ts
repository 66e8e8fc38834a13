/** Why the park cannot start, in one line for the person who started it. */
export class StartError extends Error {}

export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  if (!(error instanceof Error)) return String(error)
  if ('code' in error && typeof error.code === 'string' && error.message === '') return error.code
  return error.message.split('\n')[0] ?? error.message
}
