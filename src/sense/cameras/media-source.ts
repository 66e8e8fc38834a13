/** Sources that need the tab itself: a media element, a device, a peer. */
import type { CameraSource } from '../../contract/camera.ts'
import type { MediaAddress } from './camera-sources.ts'
import { fileSource } from './file-source.ts'
import { hlsSource } from './hls-source.ts'
import type { MediaNeeds } from './media-needs.ts'
import { mp4Source } from './mp4-source.ts'
import type { RawPicture } from './raw-picture.ts'
import { webcamSource } from './webcam-source.ts'
import { whepSource } from './whep-source.ts'

export function mediaSource(address: MediaAddress, needs: MediaNeeds): CameraSource<RawPicture> {
  switch (address.kind) {
    case 'hls':
      return hlsSource(address, needs)
    case 'mp4':
      return mp4Source(address, needs)
    case 'whep':
      return whepSource(address, needs)
    case 'webcam':
      return webcamSource(needs)
    case 'file':
      return fileSource(needs)
  }
}
