import type { Clock } from '../platform/clock.ts'

const withinMs = 2
const enoughBytes = 64 * 1024

/**
 * A browser's WebSocket that hands on its frames together, every 2 ms or 64 KiB. Brokers send one frame per message, and
 * mqtt.js carries each through a chain of streams and timers that costs far more than the message; the bytes are a stream
 * anyway (MQTT 5.0 §6: control packets need not align with frames).
 */
export function coalescingSocket(clock: Clock, url: string, protocols: string[]): WebSocket {
  return new CoalescingSocket(clock, url, protocols)
}

// Node has no WebSocket of its own before version 22, and mqtt.js brings another there.
const Base: typeof WebSocket = typeof WebSocket === 'undefined' ? (Object as unknown as typeof WebSocket) : WebSocket

class CoalescingSocket extends Base {
  readonly #clock: Clock
  readonly #listeners = new Set<(event: MessageEvent<ArrayBuffer>) => void>()
  #chunks: ArrayBuffer[] = []
  #bytes = 0
  #cancel: (() => void) | undefined

  constructor(clock: Clock, url: string, protocols: string[]) {
    super(url, protocols)
    this.#clock = clock
    super.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (data instanceof ArrayBuffer) this.#take(data)
    })
    // Registered first, so that what came before the end is handed on before it.
    super.addEventListener('close', () => this.#flush())
  }

  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void {
    if (type === 'message' && typeof listener === 'function') this.#listeners.add(listener)
    else super.addEventListener(type, listener, options)
  }

  #take(chunk: ArrayBuffer): void {
    this.#chunks.push(chunk)
    this.#bytes += chunk.byteLength
    if (this.#bytes >= enoughBytes) this.#flush()
    else this.#cancel ??= this.#clock.after(withinMs, () => this.#flush())
  }

  #flush(): void {
    this.#cancel?.()
    this.#cancel = undefined
    if (this.#bytes === 0) return
    const joined = new Uint8Array(this.#bytes)
    let at = 0
    for (const chunk of this.#chunks) {
      joined.set(new Uint8Array(chunk), at)
      at += chunk.byteLength
    }
    this.#chunks = []
    this.#bytes = 0
    const event = new MessageEvent('message', { data: joined.buffer })
    for (const listener of this.#listeners) listener(event)
  }
}
