/** Shell around the virtual cameras: commands in, events out; frames leave by their own port. */
import { systemClock } from '../../platform/clock.ts'
import { type VirtualCameraCommand, VirtualCameraHost } from './virtual-camera-host.ts'

const host = new VirtualCameraHost({
  clock: systemClock,
  post: (event) => self.postMessage(event),
})
self.onmessage = ({ data }: MessageEvent<VirtualCameraCommand>) => host.handle(data)
