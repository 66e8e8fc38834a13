/** Some cameras' piece of the day on a thread of its own, with an engine of its own. */

import { parentPort, workerData } from 'node:worker_threads'
import { engineHeapMb } from './engine-memory.ts'
import { openDetector } from './open-detector.ts'
import { type DayOptions, type DayPart, runDay } from './working-day.ts'

export interface DayTask extends DayOptions {
  readonly model: string
  readonly cameraIds: readonly string[]
}

export type DayAnswer = { readonly minute: number } | { readonly part: DayPart }

const task = workerData as DayTask
const model = await openDetector(task.model)
const part = await runDay(task, task.cameraIds, model, engineHeapMb, (minute) =>
  parentPort?.postMessage({ minute } satisfies DayAnswer),
)
await model.dispose()
parentPort?.postMessage({ part } satisfies DayAnswer)
