import * as v from 'valibot'
import type { MaskPolygon } from '../../contract/camera.ts'
import { holdsSecret, parseCameraAddress } from '../../contract/camera-address.ts'
import { cameraMask } from '../../site/schema.ts'

/** The part of `Storage` that is used. */
export interface KeyValue {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

export interface CameraChoice {
  readonly source?: string
  readonly masks?: readonly MaskPolygon[]
}

const schema = v.object({
  source: v.optional(v.pipe(v.string(), v.maxLength(500))),
  masks: v.optional(v.pipe(v.array(cameraMask), v.maxLength(16))),
})

/**
 * What a person chose for a camera, in this browser. An address that may hold a secret is remembered for this tab only; a
 * picked file is not remembered at all, since a page cannot open it again by itself.
 */
export class CameraMemory {
  /** Chosen on this page: it holds here also where storage is full, above all a mask. */
  readonly #chosen = new Map<string, CameraChoice>()
  readonly #lasting: KeyValue
  readonly #session: KeyValue

  constructor(lasting: KeyValue, session: KeyValue) {
    this.#lasting = lasting
    this.#session = session
  }

  read(site: string, cameraId: string): CameraChoice {
    const key = keyOf(site, cameraId)
    const chosen = this.#chosen.get(key)
    if (chosen) return chosen
    const [session, lasting] = [readOne(this.#session, key), readOne(this.#lasting, key)]
    const source = session.source ?? lasting.source
    return { ...(source !== undefined && { source }), ...(lasting.masks && { masks: lasting.masks }) }
  }

  write(site: string, cameraId: string, choice: CameraChoice): void {
    const key = keyOf(site, cameraId)
    const { source, masks } = choice
    const parsed = source === undefined ? undefined : parseCameraAddress(source)
    const kept = parsed?.ok && parsed.value.kind !== 'file' ? source : undefined
    const secret = kept !== undefined && holdsSecret(kept)
    this.#chosen.set(key, { ...(kept !== undefined && { source: kept }), ...(masks && { masks }) })
    writeOne(this.#session, key, secret ? { source: kept } : {})
    writeOne(this.#lasting, key, {
      ...(kept !== undefined && !secret && { source: kept }),
      ...(masks && masks.length > 0 && { masks }),
    })
  }
}

const keyOf = (site: string, cameraId: string) => `parkloop.camera.${site}.${cameraId}`

/** Storage may be forbidden, full, or hold what another version wrote: then nothing was chosen. */
function readOne(store: KeyValue, key: string): CameraChoice {
  try {
    const parsed = v.safeParse(schema, JSON.parse(store.getItem(key) ?? '{}'))
    if (!parsed.success) return {}
    const { source, masks } = parsed.output
    return { ...(source !== undefined && { source }), ...(masks && { masks }) }
  } catch {
    return {}
  }
}

function writeOne(store: KeyValue, key: string, choice: CameraChoice): void {
  try {
    if (Object.keys(choice).length === 0) store.removeItem(key)
    else store.setItem(key, JSON.stringify(choice))
  } catch {}
}
