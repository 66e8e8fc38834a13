import type { CameraSource } from '../../contract/camera.ts'
import { shownUrl } from '../../contract/camera-address.ts'
import { Disposables } from '../../platform/disposables.ts'
import type { HttpTarget } from './http-request.ts'
import type { MediaNeeds } from './media-needs.ts'
import type { RawPicture } from './raw-picture.ts'
import { elementFault, hiddenVideo, loopFilm, refuseSoundOnly, watchVideo } from './video-frames.ts'

/** A film at an address, over and over. */
export function mp4Source({ url }: HttpTarget, needs: MediaNeeds): CameraSource<RawPicture> {
  return {
    open(sink) {
      const open = new Disposables()
      const video = hiddenVideo()
      loopFilm(video)
      const abort = new AbortController()
      open.add(() => abort.abort())
      const failed = async () => {
        const fault = await elementFault(video, needs.place, { url }, abort.signal)
        if (!open.disposed) sink.failed(fault)
      }
      // Emptying the element is no error of the source.
      const onError = () => !open.disposed && void failed()
      video.addEventListener('error', onError)
      open.add(() => video.removeEventListener('error', onError))
      open.add(refuseSoundOnly(video, shownUrl(url), sink))
      open.add(watchVideo(video, needs, sink))
      video.src = url
      return open
    },
  }
}
