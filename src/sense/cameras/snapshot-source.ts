import type { CameraFault, CameraSource } from '../../contract/camera.ts'
import { shownUrl } from '../../contract/camera-address.ts'
import { maxPayloadBytes } from '../../contract/decode.ts'
import type { Clock } from '../../platform/clock.ts'
import { err, ok, type Result } from '../../platform/result.ts'
import { boundedBody, type HttpPlace, type HttpTarget, requestCamera } from './http-request.ts'
import type { RawPicture } from './raw-picture.ts'

/** A still picture asked for again and again, never before the last answer came. */
export function snapshotSource(
  place: HttpPlace,
  target: HttpTarget,
  clock: Clock,
  periodMs: number,
): CameraSource<RawPicture> {
  return {
    open(sink) {
      const abort = new AbortController()
      let cancel = () => {}
      const ask = async () => {
        const askedMs = clock.monotonicMs()
        const picture = await oneSnapshot(place, target, abort.signal)
        if (abort.signal.aborted) return
        if (!picture.ok) return sink.failed(picture.error)
        sink.picture(picture.value)
        cancel = clock.after(Math.max(0, askedMs + periodMs - clock.monotonicMs()), () => void ask())
      }
      void ask()
      return {
        dispose: () => {
          abort.abort()
          cancel()
        },
      }
    },
  }
}

async function oneSnapshot(
  place: HttpPlace,
  target: HttpTarget,
  signal: AbortSignal,
): Promise<Result<RawPicture, CameraFault>> {
  const answer = await requestCamera(place, target, signal)
  if (!answer.ok) return answer
  const detail = shownUrl(target.url)
  const type = answer.value.headers.get('content-type') ?? ''
  if (!/^(image\/(jpeg|jpg|png)|application\/octet-stream|$)/i.test(type)) {
    void answer.value.body?.cancel()
    return err({ code: 'camera.wrongType', detail: `${type.slice(0, 80)} ${detail}` })
  }
  try {
    const bytes = await boundedBody(answer.value, maxPayloadBytes)
    return bytes
      ? ok({ kind: 'encoded', bytes })
      : err({ code: 'camera.tooLarge', detail: `more than ${maxPayloadBytes} bytes ${detail}` })
  } catch {
    return err({ code: 'camera.ended', detail })
  }
}
