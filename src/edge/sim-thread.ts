import type { CodecError } from '../contract/decode.ts'
import type { LocalText } from '../contract/messages.ts'
import type { Clock } from '../platform/clock.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { startThread } from './ts-thread.ts'

export interface SimTask {
  readonly brokerUrl: string
  /** What the site file must say that it is. */
  readonly id: string
  /** The site file as it is; checked on the thread. */
  readonly bytes: Uint8Array
  readonly seed: number
  readonly speed: number
  readonly startMs: number | undefined
}

export type SimThreadWord = 'begin' | 'sleep' | 'wake' | 'stop'

export type SimThreadReport =
  | { readonly type: 'checked'; readonly name: LocalText }
  | { readonly type: 'opened' }
  | { readonly type: 'refused'; readonly error: CodecError }
  | { readonly type: 'log'; readonly line: string }

/** A simulated park that runs elsewhere, or is to run there. */
export interface HostedPark {
  /** Settles when the site file is checked: to the park's name, or to what is wrong with it. Nothing is said on the bus before `begin`. */
  readonly checked: Promise<Result<LocalText, CodecError>>
  /** Settles when the park stands, or cannot. */
  readonly opened: Promise<Result<void, CodecError>>
  /** Lets it run, once it is checked. */
  begin(): void
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

/** Checks a site file on a thread and simulates its park there; words said to it before it stands wait for that. */
export function openSimThread({ clock, log, onLost, ...task }: SimThreadOptions): HostedPark {
  const thread = startThread(new URL('./sim.thread.ts', import.meta.url), task)
  let stopping = false
  const checked = promised<Result<LocalText, CodecError>>()
  const opened = promised<Result<void, CodecError>>()
  const refuse = (refusal: Result<never, CodecError>) => {
    checked.settle(refusal)
    opened.settle(refusal)
  }
  thread.on('message', (report: SimThreadReport) => {
    if (report.type === 'log') log(report.line)
    else if (report.type === 'checked') checked.settle(ok(report.name))
    else if (report.type === 'opened') opened.settle(ok(undefined))
    else refuse(err(report.error))
  })
  thread.on('error', (error: unknown) => log(error instanceof Error ? (error.stack ?? error.message) : String(error)))
  const gone = new Promise<void>((resolve) => {
    thread.once('exit', () => {
      refuse(err({ code: 'invalid', path: '', message: 'the simulated park ended' }))
      if (!stopping) onLost()
      resolve()
    })
  })
  const say = (word: SimThreadWord) => thread.postMessage(word)
  return {
    checked: checked.promise,
    opened: opened.promise,
    begin: () => say('begin'),
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

function promised<T>(): { readonly promise: Promise<T>; readonly settle: (value: T) => void } {
  let settle: (value: T) => void = () => {}
  const promise = new Promise<T>((resolve) => {
    settle = resolve
  })
  return { promise, settle }
}
