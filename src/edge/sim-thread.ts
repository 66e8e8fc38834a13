import type { CodecError } from '../contract/decode.ts'
import type { Clock } from '../platform/clock.ts'
import { ok, type Result } from '../platform/result.ts'
import { startThread } from './ts-thread.ts'

export interface SimTask {
  readonly brokerUrl: string
  /** The site file as it is; checked on the thread. */
  readonly bytes: Uint8Array
  readonly seed: number
  readonly speed: number
  readonly startMs: number | undefined
}

export type SimThreadWord = 'sleep' | 'wake' | 'stop'

export type SimThreadReport =
  | { readonly type: 'opened' }
  | { readonly type: 'refused'; readonly error: CodecError }
  | { readonly type: 'log'; readonly line: string }

/** A simulated park that runs elsewhere. */
export interface HostedPark {
  /** Settles when the park stands, or its site file turned out not to be one. */
  readonly opened: Promise<Result<void, CodecError>>
  sleep(): void
  wake(): void
  dispose(): Promise<void>
}

export interface SimThreadOptions extends SimTask {
  readonly clock: Clock
  readonly log: (line: string) => void
  /** The thread is no more, and nobody asked it to end. */
  readonly onLost: () => void
}

const stopWithinMs = 1500

/** Starts a simulated park on a thread; words said to it before it stands wait for that. */
export function openSimThread({ clock, log, onLost, ...task }: SimThreadOptions): HostedPark {
  const thread = startThread(new URL('./sim.thread.ts', import.meta.url), task)
  let stopping = false
  let settle: (outcome: Result<void, CodecError>) => void = () => {}
  const opened = new Promise<Result<void, CodecError>>((resolve) => {
    settle = resolve
  })
  thread.on('message', (report: SimThreadReport) => {
    if (report.type === 'log') log(report.line)
    else settle(report.type === 'opened' ? ok(undefined) : { ok: false, error: report.error })
  })
  thread.on('error', (error: unknown) => log(error instanceof Error ? (error.stack ?? error.message) : String(error)))
  const gone = new Promise<void>((resolve) => {
    thread.once('exit', () => {
      settle({ ok: false, error: { code: 'invalid', path: '', message: 'the simulated park ended' } })
      if (!stopping) onLost()
      resolve()
    })
  })
  const say = (word: SimThreadWord) => thread.postMessage(word)
  return {
    opened,
    sleep: () => say('sleep'),
    wake: () => say('wake'),
    dispose() {
      stopping = true
      say('stop')
      const cancel = clock.after(stopWithinMs, () => void thread.terminate())
      return gone.then(cancel)
    },
  }
}
