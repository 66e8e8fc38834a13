import type { CameraFault, CameraSource } from '../../contract/camera.ts'
import { Disposables } from '../../platform/disposables.ts'
import type { MediaNeeds } from './media-needs.ts'
import type { RawPicture } from './raw-picture.ts'
import { hiddenVideo, watchVideo } from './video-frames.ts'

/** Where permission was given before, a camera mostly answers sooner. */
const askedMs = 3000

/** Whether the browser asks a person; not all of them tell. */
async function isPrompted(): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: 'camera' })).state === 'prompt'
  } catch {
    return true
  }
}

/** The camera of this machine, once its person allows it. */
export function webcamSource(needs: MediaNeeds): CameraSource<RawPicture> {
  return {
    open(sink) {
      const open = new Disposables()
      const devices = navigator.mediaDevices as MediaDevices | undefined
      if (!devices) {
        // Browsers give it to encrypted pages and to this machine only.
        sink.failed({ code: 'camera.unsupported', detail: 'mediaDevices' })
        return open
      }
      const { lens, fps } = needs
      const video = { width: { ideal: lens.widthPx }, height: { ideal: lens.heightPx }, frameRate: { ideal: fps } }
      let answered = false
      const ask = async () => {
        const mustAsk = await isPrompted()
        if (mustAsk && !answered && !open.disposed) sink.asks({ code: 'camera.permissionAsked', detail: '' })
      }
      const cancelAsk = needs.clock.after(askedMs, () => void ask())
      const answer = () => {
        answered = true
        cancelAsk()
      }
      open.add(cancelAsk)
      devices.getUserMedia({ audio: false, video }).then(
        (stream) => {
          answer()
          const stop = () => {
            for (const track of stream.getTracks()) track.stop()
          }
          if (open.disposed) return stop()
          sink.asks(undefined)
          const element = hiddenVideo()
          for (const track of stream.getVideoTracks())
            track.addEventListener('ended', () => sink.failed({ code: 'camera.ended', detail: track.label }))
          open.add(stop)
          open.add(watchVideo(element, needs, sink))
          element.srcObject = stream
        },
        (error: unknown) => {
          answer()
          sink.failed(deviceFault(error))
        },
      )
      return open
    },
  }
}

/** By the names of the Media Capture specification, §10.2.1. */
export function deviceFault(error: unknown): CameraFault {
  const name = error instanceof Error ? error.name : ''
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return { code: 'camera.permissionRefused', detail: '' }
    case 'NotFoundError':
    case 'OverconstrainedError':
      return { code: 'camera.noDevice', detail: '' }
    case 'NotReadableError':
    case 'AbortError':
      return { code: 'camera.deviceBusy', detail: '' }
    default:
      return { code: 'camera.unsupported', detail: name }
  }
}
