import type { CameraSink, CameraSource } from '../../contract/camera.ts'
import { shownUrl } from '../../contract/camera-address.ts'
import { maxPayloadBytes } from '../../contract/decode.ts'
import { type HttpPlace, type HttpTarget, requestCamera } from './http-request.ts'
import { boundaryOf, MultipartParser } from './multipart.ts'
import type { RawPicture } from './raw-picture.ts'

/** MJPEG as network cameras send it: one endless response, a JPEG a part. */
export function mjpegSource(place: HttpPlace, target: HttpTarget): CameraSource<RawPicture> {
  return {
    open(sink) {
      const abort = new AbortController()
      void readStream(place, target, sink, abort.signal)
      return { dispose: () => abort.abort() }
    },
  }
}

async function readStream(
  place: HttpPlace,
  target: HttpTarget,
  sink: CameraSink<RawPicture>,
  signal: AbortSignal,
): Promise<void> {
  const answer = await requestCamera(place, target, signal)
  if (!answer.ok) return sink.failed(answer.error)
  const type = answer.value.headers.get('content-type') ?? ''
  const boundary = boundaryOf(type)
  const reader = answer.value.body?.getReader()
  const detail = shownUrl(target.url)
  if (boundary === undefined || !reader) {
    void reader?.cancel()
    return sink.failed({ code: 'camera.wrongType', detail: `${type.slice(0, 80) || 'no content type'} ${detail}` })
  }
  const parser = new MultipartParser({
    boundary,
    maxPartBytes: maxPayloadBytes,
    onPart: (bytes) => sink.picture({ kind: 'encoded', bytes }),
    onTooLarge: () => sink.failed({ code: 'camera.tooLarge', detail: `more than ${maxPayloadBytes} bytes ${detail}` }),
  })
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return sink.failed({ code: 'camera.ended', detail })
      parser.push(value)
    }
  } catch {
    // The connection broke while it was read; after a disposal nobody listens any more.
    sink.failed({ code: 'camera.ended', detail })
  }
}
