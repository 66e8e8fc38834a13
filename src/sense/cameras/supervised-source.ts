import type { CameraFault, CameraFaultCode, CameraSink, CameraSource } from '../../contract/camera.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Disposable } from '../../platform/disposables.ts'
import { backoffMs } from '../backoff.ts'

export interface SupervisedSourceOptions<P> {
  readonly clock: Clock
  /** Uniform in [0, 1), for the jitter. */
  readonly random: () => number
  readonly source: CameraSource<P>
  /** Pictures come over a connection somebody else keeps: nothing is to be connected anew, and after a fault the next one is welcome. */
  readonly pushed?: boolean
  /** A longer silence is a stall. */
  readonly stallMs: number
  readonly onPicture: (picture: P) => void
  /** Gives a picture back that nobody may use any more. */
  readonly release: (picture: P) => void
  /** Undefined: pictures come again. */
  readonly onFault: (fault: CameraFault | undefined) => void
}

const checkPeriodMs = 500
/** A check that comes later had a throttled tab, a busy thread or a sleeping machine before it; that is no silence. */
const latestCheckMs = 2000
const retryBaseMs = 1000
const retryCapMs = 30_000
/** A source that ran this long has recovered; the next failure begins with short waits again. */
const recoveredMs = 10_000

/** Trying again by itself would be of no use, or would pester: somebody has to act. */
const waitsForPerson: ReadonlySet<CameraFaultCode> = new Set([
  'camera.permissionRefused',
  'camera.filePick',
  'camera.badAddress',
  'camera.unsupported',
  'camera.mixedContent',
])

/** Keeps one source running: notices silence, connects anew with growing waits, says what is wrong while it is. */
export class SupervisedSource<P> implements Disposable {
  readonly #o: SupervisedSourceOptions<P>
  readonly #stopChecking: () => void
  #connection: Disposable | undefined
  /** Tells the sinks of older connections from that of the present one. */
  #turn = 0
  #heardMs = 0
  #checkedMs: number
  #openedMs = 0
  #attempt = 0
  #delivered = false
  #faulty = false
  /** A person is being asked; silence until the answer is no stall. */
  #asking = false
  #cancelRetry: (() => void) | undefined
  #closed = false

  constructor(options: SupervisedSourceOptions<P>) {
    this.#o = options
    this.#checkedMs = options.clock.monotonicMs()
    this.#stopChecking = options.clock.every(checkPeriodMs, () => this.#check())
    this.#open()
  }

  /** A person does not want to wait. */
  retry(): void {
    this.#attempt = 0
    this.#open()
  }

  /** What came is of no use; connecting anew may help. */
  fail(fault: CameraFault): void {
    if (this.#connection) this.#failed(fault)
  }

  dispose(): void {
    this.#closed = true
    this.#stopChecking()
    this.#disconnect()
  }

  #open(): void {
    if (this.#closed) return
    this.#disconnect()
    const turn = this.#turn
    this.#openedMs = this.#o.clock.monotonicMs()
    this.#heardMs = this.#openedMs
    this.#delivered = false
    const sink: CameraSink<P> = {
      picture: (picture) => (turn === this.#turn ? this.#picture(picture) : this.#o.release(picture)),
      failed: (fault) => turn === this.#turn && this.#failed(fault),
      asks: (fault) => turn === this.#turn && this.#asks(fault),
    }
    const connection = this.#o.source.open(sink)
    // It may have failed while it was being opened.
    if (turn === this.#turn) this.#connection = connection
    else connection.dispose()
  }

  #asks(fault: CameraFault | undefined): void {
    this.#asking = fault !== undefined
    this.#heardMs = this.#o.clock.monotonicMs()
    if (!fault) return
    this.#faulty = true
    this.#o.onFault(fault)
  }

  #disconnect(): void {
    this.#turn++
    this.#asking = false
    this.#cancelRetry?.()
    this.#cancelRetry = undefined
    this.#connection?.dispose()
    this.#connection = undefined
  }

  #picture(picture: P): void {
    this.#heardMs = this.#o.clock.monotonicMs()
    this.#delivered = true
    if (this.#heardMs - this.#openedMs > recoveredMs) this.#attempt = 0
    if (this.#faulty) {
      this.#faulty = false
      this.#o.onFault(undefined)
    }
    this.#o.onPicture(picture)
  }

  #check(): void {
    const nowMs = this.#o.clock.monotonicMs()
    this.#heardMs = Math.min(nowMs, this.#heardMs + Math.max(0, nowMs - this.#checkedMs - latestCheckMs))
    this.#checkedMs = nowMs
    if (this.#cancelRetry || this.#asking || !this.#connection) return
    if (nowMs - this.#heardMs < this.#o.stallMs) return
    const since = this.#delivered ? 'no new picture' : 'no picture since connecting'
    this.#failed({ code: 'camera.stalled', detail: `${since}, ${Math.round(this.#o.stallMs / 1000)} s` })
  }

  #failed(fault: CameraFault): void {
    if (!this.#o.pushed) this.#disconnect()
    this.#faulty = true
    this.#o.onFault(fault)
    if (this.#o.pushed || waitsForPerson.has(fault.code)) return
    const waitMs = backoffMs(this.#attempt++, this.#o.random, retryBaseMs, retryCapMs)
    this.#cancelRetry = this.#o.clock.after(waitMs, () => this.#open())
  }
}
