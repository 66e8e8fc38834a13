import type { CameraSource } from '../../contract/camera.ts'
import { Disposables } from '../../platform/disposables.ts'
import type { MediaNeeds } from './media-needs.ts'
import type { RawPicture } from './raw-picture.ts'
import { fileFault, hiddenVideo, loopFilm, refuseSoundOnly, watchVideo } from './video-frames.ts'

/** A film of this machine, over and over. It is read in place and never sent anywhere. */
export function fileSource(needs: MediaNeeds): CameraSource<RawPicture> {
  return {
    open(sink) {
      const open = new Disposables()
      const { file } = needs
      if (!file) {
        sink.failed({ code: 'camera.filePick', detail: '' })
        return open
      }
      const video = hiddenVideo()
      const url = URL.createObjectURL(file)
      open.add(() => URL.revokeObjectURL(url))
      loopFilm(video)
      const failed = async () => {
        const fault = await fileFault(video.error, file)
        if (!open.disposed) sink.failed(fault)
      }
      const onError = () => void failed()
      video.addEventListener('error', onError)
      open.add(() => video.removeEventListener('error', onError))
      open.add(refuseSoundOnly(video, file.name, sink))
      open.add(watchVideo(video, needs, sink))
      video.src = url
      return open
    },
  }
}
