import type { CameraFault, CameraSink } from '../../contract/camera.ts'
import { type Disposable, Disposables } from '../../platform/disposables.ts'
import { maxPicturePixels } from '../../platform/picture-header.ts'
import { type HttpPlace, requestCamera } from './http-request.ts'
import type { MediaNeeds } from './media-needs.ts'
import type { RawPicture } from './raw-picture.ts'

/** Nobody sees this element: its frames go to the desk. Muted, so that browsers let it play by itself. */
export function hiddenVideo(): HTMLVideoElement {
  const video = document.createElement('video')
  video.muted = true
  video.playsInline = true
  video.autoplay = true
  // Without permission of the other side its pixels could not be read.
  video.crossOrigin = 'anonymous'
  return video
}

/** Slower than any camera should be, as a hidden tab shows no frames that one could wait for. */
const lookPeriodMs = 500

/** Hands each shown frame of a playing element to the sink, no faster than `fps`. Disposing stops and empties it. */
export function watchVideo(
  video: HTMLVideoElement,
  { clock, fps }: Pick<MediaNeeds, 'clock' | 'fps'>,
  sink: CameraSink<RawPicture>,
): Disposable {
  const open = new Disposables()
  const leastGapMs = 700 / fps
  let shownMs = Number.NEGATIVE_INFINITY
  let mediaS = Number.NaN
  const show = (ageMs?: number) => {
    const nowMs = clock.monotonicMs()
    if (nowMs - shownMs < leastGapMs || video.readyState < video.HAVE_CURRENT_DATA) return
    shownMs = nowMs
    mediaS = video.currentTime
    void capture(video).then((picture) => {
      if (!picture) return
      if (open.disposed) picture.close()
      else sink.picture({ kind: 'drawn', picture, ...(ageMs !== undefined && { ageMs }) })
    })
  }
  if (typeof video.requestVideoFrameCallback === 'function') {
    let handle = 0
    const next = () => {
      handle = video.requestVideoFrameCallback((nowMs, { captureTime }) => {
        show(captureTime === undefined ? undefined : Math.max(0, nowMs - captureTime))
        next()
      })
    }
    next()
    open.add(() => video.cancelVideoFrameCallback(handle))
    open.add(clock.every(lookPeriodMs, () => video.currentTime !== mediaS && show()))
  } else {
    open.add(clock.every(1000 / fps, () => video.currentTime !== mediaS && show()))
  }
  // Outside a page's tree an element does not always begin by itself. Emptying it ends the attempt; that is no fault.
  const begin = () =>
    void video.play().catch((error: unknown) => {
      const name = error instanceof Error ? error.name : ''
      if (!open.disposed && name === 'NotAllowedError') sink.failed({ code: 'camera.unsupported', detail: name })
    })
  video.addEventListener('loadedmetadata', begin)
  const sized = () => {
    const { videoWidth, videoHeight } = video
    if (videoWidth * videoHeight > maxPicturePixels)
      sink.failed({ code: 'camera.tooLarge', detail: `${videoWidth} × ${videoHeight}` })
  }
  video.addEventListener('resize', sized)
  open.add(() => {
    video.removeEventListener('resize', sized)
    video.removeEventListener('loadedmetadata', begin)
    video.pause()
    video.srcObject = null
    video.removeAttribute('src')
    video.load()
  })
  return open
}

/** A handle on the decoder's own frame where the browser has it; nothing is copied. */
async function capture(video: HTMLVideoElement): Promise<VideoFrame | ImageBitmap | undefined> {
  try {
    return typeof VideoFrame === 'undefined' ? await createImageBitmap(video) : new VideoFrame(video)
  } catch {
    // The element was emptied in the meantime.
    return undefined
  }
}

/** Why a media element gave up, by its error and, where that says nothing, by asking the address itself. */
export async function elementFault(
  video: HTMLVideoElement,
  place: HttpPlace,
  target: { readonly url: string; readonly shown: string },
): Promise<CameraFault> {
  const { error } = video
  const detail = `${error?.message.slice(0, 120) ?? ''} ${target.shown}`.trim()
  if (error?.code === MediaError.MEDIA_ERR_DECODE) return { code: 'camera.corruptFrame', detail }
  const answer = await addressFault(place, target.url)
  return answer ?? { code: error?.code === MediaError.MEDIA_ERR_NETWORK ? 'camera.ended' : 'camera.codec', detail }
}

/** Undefined when the address answers and may be read. */
async function addressFault(place: HttpPlace, url: string): Promise<CameraFault | undefined> {
  const asked = await requestCamera(place, { url }, new AbortController().signal, { headers: { range: 'bytes=0-0' } })
  if (!asked.ok) return asked.error
  void asked.value.body?.cancel()
  return undefined
}
