import type { ErrorData } from 'hls.js'
import workerPath from 'hls.js/dist/hls.worker.js?url'
import type { CameraFault, CameraSink, CameraSource } from '../../contract/camera.ts'
import { shownUrl } from '../../contract/camera-address.ts'
import { Disposables } from '../../platform/disposables.ts'
import { type HttpPlace, type HttpTarget, statusFault, whyNoAnswer } from './http-request.ts'
import type { MediaNeeds } from './media-needs.ts'
import type { RawPicture } from './raw-picture.ts'
import { elementFault, hiddenVideo, watchVideo } from './video-frames.ts'

/** HLS through Media Source Extensions; the library is only loaded when a camera needs it. */
export function hlsSource(target: HttpTarget, needs: MediaNeeds): CameraSource<RawPicture> {
  return {
    open(sink) {
      const open = new Disposables()
      const video = hiddenVideo()
      video.loop = true
      void play(video, target, needs, sink, open)
      return open
    },
  }
}

async function play(
  video: HTMLVideoElement,
  target: HttpTarget,
  needs: MediaNeeds,
  sink: CameraSink<RawPicture>,
  open: Disposables,
): Promise<void> {
  const { url, authorization } = target
  const { default: Hls } = await import('hls.js/light')
  if (open.disposed) return
  open.add(watchVideo(video, needs, sink))
  const failed = (fault: Promise<CameraFault>) => void fault.then((it) => !open.disposed && sink.failed(it))
  const onError = () => failed(elementFault(video, needs.place, { url, shown: shownUrl(url) }))
  video.addEventListener('error', onError)
  open.add(() => video.removeEventListener('error', onError))
  if (!Hls.isSupported()) {
    // Safari on a phone plays HLS itself.
    video.src = url
    return
  }
  const hls = new Hls({
    workerPath,
    // A camera is looked at now: little ahead, nothing behind.
    maxBufferLength: 8,
    maxMaxBufferLength: 16,
    backBufferLength: 0,
    ...(authorization !== undefined && {
      xhrSetup: (xhr: XMLHttpRequest) => xhr.setRequestHeader('authorization', authorization),
    }),
  })
  open.add(() => hls.destroy())
  hls.on(Hls.Events.MANIFEST_PARSED, (_, { levels }) => {
    hls.autoLevelCapping = smallestSufficient(
      levels.map(({ height }) => height),
      needs.lens.heightPx,
    )
  })
  hls.on(Hls.Events.ERROR, (_, data) => data.fatal && failed(hlsFault(data, needs.place, url)))
  hls.loadSource(url)
  hls.attachMedia(video)
}

/** The least of the offered picture heights that fills the lens; larger ones would be decoded only to be shrunk. */
export function smallestSufficient(heightsPx: readonly number[], wantedPx: number): number {
  let best = -1
  for (const [at, height] of heightsPx.entries()) {
    const known = best < 0 ? undefined : heightsPx[best]
    if (known === undefined || (known < wantedPx ? height > known : height >= wantedPx && height < known)) best = at
  }
  return best
}

const codecTroubles: readonly string[] = [
  'manifestIncompatibleCodecsError',
  'bufferAddCodecError',
  'bufferIncompatibleCodecsError',
  'keySystemNoKeys',
]

async function hlsFault(data: ErrorData, place: HttpPlace, url: string): Promise<CameraFault> {
  const detail = `${data.details} ${shownUrl(url)}`
  if (codecTroubles.includes(data.details)) return { code: 'camera.codec', detail }
  if (data.details === 'manifestParsingError' || data.details === 'levelEmptyError')
    return { code: 'camera.wrongType', detail }
  if (data.type !== 'networkError') return { code: 'camera.corruptFrame', detail }
  const status = data.response?.code ?? 0
  if (status > 0) return { code: statusFault(status), detail: `HTTP ${status} ${shownUrl(data.url ?? url)}` }
  return whyNoAnswer(place, data.url ?? url, new AbortController().signal)
}
