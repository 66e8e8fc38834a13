/** How long a command may take. Machinery moves in site time; links and people live in wall time. */

const shortestSettleMs = 3000
const longestSettleMs = 10 * 60_000
const usualSettleMs = 10_000
/** Device clocks that write whole seconds are up to this far behind. */
const clockSlackMs = 1000

/**
 * Wall time from acknowledgement to a fulfilling report. Half as long again as the descriptor says: the report itself
 * has to travel, and a sampled device reports at its next beat.
 */
export function settleWaitMs(settleMs: number | undefined, speed: number): number {
  const wallMs = ((settleMs ?? usualSettleMs) * 1.5) / Math.max(0.1, speed)
  return Math.min(longestSettleMs, Math.max(shortestSettleMs, wallMs))
}

/** Site time after which a device must ignore the command. */
export function expiryMs(issuedAtMs: number, ttlMs: number, speed: number): number {
  return issuedAtMs + ttlMs * Math.max(1, speed)
}

/** Site time that a report may seem older than the command it answers. */
export function slackMs(speed: number): number {
  return clockSlackMs * Math.max(1, speed)
}
