/** What whoever gave the command can put right: it is told in a line, without a stack. */
export class Refusal extends Error {}

const systemCodes = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'EPERM'])

/** The line for people; undefined where the error is no expected one but a mistake in the code. */
export function refusalLine(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const { code, path } = error as NodeJS.ErrnoException
  // A broken or missing file of ours is told the same way as one that was named. A folder says so without its name.
  const ofSystem = code !== undefined && systemCodes.has(code) && (path !== undefined || code === 'EISDIR')
  const ofFlags = code?.startsWith('ERR_PARSE_ARGS_') === true
  return error instanceof Refusal || ofSystem || ofFlags ? error.message.replaceAll(/\s*\n\s*/g, ' ') : undefined
}

/** Refuses flags that the help does not name, so that a slip of the pen is not measured as something else. */
export function refuseUnknownFlags(flags: readonly string[], help: string): void {
  const known = new Set(help.match(/--[a-z][a-z0-9-]*/g))
  const unknown = flags.filter((flag) => flag.startsWith('--') && !known.has(flag))
  if (unknown.length > 0) throw new Refusal(`unknown: ${unknown.join(', ')}; --help lists the flags`)
}

/** A whole number from `least` on. */
export function wholeNumber(name: string, text: string, least = 1): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least) return value
  throw new Refusal(`--${name} ${text}: a whole number from ${least} on was expected`)
}
