import type { CameraFault, CameraFaultCode, CameraSink } from '../../contract/camera.ts'
import { shownUrl } from '../../contract/camera-address.ts'
import { type Disposable, Disposables } from '../../platform/disposables.ts'
import { maxPicturePixels } from '../../platform/picture-header.ts'
import { err, ok, type Result } from '../../platform/result.ts'
import { type HttpPlace, type HttpTarget, requestCamera } from './http-request.ts'
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
  /** As last told: a frame that comes without one is no younger than those before, else it would seem to overtake the next. */
  let ageMs: number | undefined
  const show = () => {
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
  const look = () => (video.currentTime !== mediaS || (video.ended && isStill(video))) && show()
  if (typeof video.requestVideoFrameCallback === 'function') {
    let handle = 0
    const next = () => {
      handle = video.requestVideoFrameCallback((nowMs, { captureTime }) => {
        if (captureTime !== undefined) ageMs = Math.max(0, nowMs - captureTime)
        show()
        next()
      })
    }
    next()
    open.add(() => video.cancelVideoFrameCallback(handle))
    open.add(clock.every(lookPeriodMs, look))
  } else {
    open.add(clock.every(1000 / fps, look))
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

/** So short a film would begin anew before a frame of it is shown: its last frame stays instead. */
const stillS = 1
const isStill = ({ duration }: HTMLVideoElement) => duration < stillS

/** A film that begins anew when it ends. */
export function loopFilm(video: HTMLVideoElement): void {
  video.loop = true
  video.addEventListener('loadedmetadata', () => {
    video.loop = !isStill(video)
  })
}

/** A film that has only sound gives no picture, and no error either. */
export function refuseSoundOnly(video: HTMLVideoElement, detail: string, sink: CameraSink<RawPicture>): Disposable {
  const known = () =>
    video.videoWidth === 0 && sink.failed({ code: 'camera.wrongType', detail: `no picture ${detail}` })
  video.addEventListener('loadedmetadata', known)
  return { dispose: () => video.removeEventListener('loadedmetadata', known) }
}

/** Why a media element gave up, by its error and, where that says nothing, by asking the address itself. */
export async function elementFault(
  video: HTMLVideoElement,
  place: HttpPlace,
  target: HttpTarget,
  signal: AbortSignal,
): Promise<CameraFault> {
  const { error } = video
  const detail = `${error?.message.slice(0, 120) ?? ''} ${shownUrl(target.url)}`.trim()
  if (error?.code === MediaError.MEDIA_ERR_DECODE) return { code: 'camera.corruptFrame', detail }
  const head = await headOf(place, target, signal)
  if (!head.ok) return head.error
  if (!isFilm(head.value)) return { code: 'camera.wrongType', detail }
  const broke = error?.code === MediaError.MEDIA_ERR_NETWORK || error?.message.includes('Format error') === true
  return { code: broke ? 'camera.ended' : unplayable(error), detail }
}

/** Why a film of this machine cannot be played. */
export async function fileFault(error: MediaError | null, file: File): Promise<CameraFault> {
  const detail = `${file.name} ${error?.message.slice(0, 120) ?? ''}`.trim()
  if (error?.code === MediaError.MEDIA_ERR_DECODE) return { code: 'camera.corruptFrame', detail }
  // It may be gone, or on a drive that is.
  const head = await file
    .slice(0, headBytes)
    .arrayBuffer()
    .catch(() => undefined)
  if (!head) return { code: 'camera.filePick', detail }
  return { code: isFilm(new Uint8Array(head)) ? unplayable(error) : 'camera.wrongType', detail }
}

/** Chromium tells a codec that it does not know from a film whose index is missing or broken; others do not. */
function unplayable(error: MediaError | null): CameraFaultCode {
  return error?.message.includes('COULD_NOT_OPEN') ? 'camera.corruptFrame' : 'camera.codec'
}

const headBytes = 16

/** How the address begins; a fault when it does not answer or may not be read. */
async function headOf(
  place: HttpPlace,
  target: HttpTarget,
  signal: AbortSignal,
): Promise<Result<Uint8Array, CameraFault>> {
  const asked = await requestCamera(place, target, signal, { headers: { range: `bytes=0-${headBytes - 1}` } })
  if (!asked.ok) return asked
  const reader = asked.value.body?.getReader()
  try {
    return ok((await reader?.read())?.value ?? new Uint8Array(0))
  } catch {
    return err({ code: 'camera.ended', detail: shownUrl(target.url) })
  } finally {
    // Whatever length was asked for, some servers send all of it.
    void reader?.cancel().catch(() => {})
  }
}

const boxes = new Set(['ftyp', 'styp', 'moov', 'moof', 'mdat', 'free', 'skip', 'wide', 'sidx'])

const beginnings = ['\u001aE\u00df\u00a3', 'OggS', '#EXTM3U', '\u00ef\u00bb\u00bf#EXTM3U']

/** Whether these first bytes are of MP4, Matroska, Ogg or an HLS playlist. */
export function isFilm(head: Uint8Array): boolean {
  const text = String.fromCharCode(...head.subarray(0, headBytes))
  return boxes.has(text.slice(4, 8)) || beginnings.some((begins) => text.startsWith(begins))
}
