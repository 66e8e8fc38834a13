/** Shell around the frame desk: commands in, events out; frames come and leave by their own ports. */
import { systemClock } from '../../platform/clock.ts'
import { bitmapOf, browserDecoder, encodePicture } from './browser-pictures.ts'
import { browserPlace } from './browser-place.ts'
import type { DeskCommand } from './desk-protocol.ts'
import { FrameDesk } from './frame-desk.ts'

const desk = new FrameDesk({
  clock: systemClock,
  random: Math.random,
  place: browserPlace(systemClock),
  decode: browserDecoder(),
  bitmapOf,
  encode: encodePicture,
  post: (event, transfer) => self.postMessage(event, { transfer }),
})
self.onmessage = ({ data }: MessageEvent<DeskCommand>) => desk.handle(data)
