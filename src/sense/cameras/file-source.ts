import type { CameraSource } from '../../contract/camera.ts'
import { Disposables } from '../../platform/disposables.ts'
import type { MediaNeeds } from './media-needs.ts'
import type { RawPicture } from './raw-picture.ts'
import { hiddenVideo, watchVideo } from './video-frames.ts'

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
      video.loop = true
      const onError = () => {
        const code = video.error?.code === MediaError.MEDIA_ERR_DECODE ? 'camera.corruptFrame' : 'camera.codec'
        sink.failed({ code, detail: `${file.name} ${video.error?.message.slice(0, 120) ?? ''}`.trim() })
      }
      video.addEventListener('error', onError)
      open.add(() => video.removeEventListener('error', onError))
      open.add(watchVideo(video, needs, sink))
      video.src = url
      return open
    },
  }
}
