/** Shell around the inference service: commands in, events out. */
import { systemClock } from '../platform/clock.ts'
import type { InferenceCommand } from './inference.ts'
import { InferenceService } from './inference-service.ts'
import { modelFilesFromUrl } from './model-files.ts'
import { ortBackends } from './ort-backend.ts'
import { browserOrtAssets } from './ort-browser.ts'

const service = new InferenceService({
  clock: systemClock,
  backends: ortBackends(browserOrtAssets),
  filesOf: modelFilesFromUrl,
})
service.subscribe((event) => self.postMessage(event))
self.onmessage = ({ data }: MessageEvent<InferenceCommand>) => service.send(data)
