import { describe, expect, it } from 'vitest'
import type { CommandRecord, CommandState } from '../../contract/decision.ts'
import { standingCommands } from './command-layer.ts'

const command = (device: string, state: CommandState, issuedAtMs: number, settledAtMs?: number): CommandRecord => ({
  id: `${device}-${issuedAtMs}`,
  device,
  point: 'on',
  value: true,
  state,
  reason: '',
  issuedBy: 'manager',
  issuedAtMs,
  expiresAtMs: issuedAtMs + 15_000,
  rollbackOffered: false,
  ...(settledAtMs === undefined ? {} : { settledAtMs }),
})

describe('what stands on a thing of its commands', () => {
  it('is the newest one, as long as it is under way', () => {
    const commands = [command('lamp', 'timedOut', 1000, 2000), command('lamp', 'sent', 5000)]
    expect([...standingCommands(commands, { siteMs: 600_000, speed: 1 })]).toEqual([['lamp', 'waiting']])
  })

  it('stays a while after the end, a failure longer, and in the time of the viewer', () => {
    const commands = [command('a', 'verified', 0, 1000), command('b', 'diverged', 0, 1000)]
    const at = (siteMs: number, speed = 1) => Object.fromEntries(standingCommands(commands, { siteMs, speed }))
    expect(at(5000)).toEqual({ a: 'verified', b: 'failed' })
    expect(at(60_000)).toEqual({ b: 'failed' })
    expect(at(60_000, 60)).toEqual({ a: 'verified', b: 'failed' })
    expect(at(200_000)).toEqual({})
  })
})
