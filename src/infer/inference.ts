/** What inference offers, whether it runs in a worker of the tab or directly in Node, and how the two sides talk. */
import type { CameraFrame } from '../contract/camera.ts'
import type { ProfileMessage } from '../contract/messages.ts'
import type { ModelAnswer } from '../contract/model-port.ts'
import type {
  BandBreak,
  Detection,
  EnvironmentVerdict,
  Forecast,
  FrameDetections,
  TrackUpdate,
} from '../contract/perception.ts'
import type { Disposable } from '../platform/disposables.ts'
import type { FaultReport } from '../platform/faults.ts'
import { exhaustive } from '../platform/result.ts'
import type { Camera, Zone } from '../site/schema.ts'
import type { ForeignModel } from './detector-import.ts'
import type { EnginePreference, EngineReport } from './engine.ts'
import type { EnvironmentWindow } from './environment-input.ts'
import type { LookReason } from './look-planner.ts'
import type { ModelTask } from './model-manifest.ts'

export interface ModelReport extends EngineReport {
  readonly task: ModelTask
  readonly name: string
  readonly version: string
}

export interface TaskRates {
  readonly perS: number
  /** Mean over the last second, picture preparation and decoding included; NaN while idle. */
  readonly meanMs: number
  readonly total: number
}

/** How one camera's pictures were treated in the last second. */
export interface CameraLooks {
  readonly cameraId: string
  readonly looksPerS: number
  readonly savedPerS: number
  /** Why the newest picture was looked at; undefined when it was left out. */
  readonly reason: LookReason | undefined
  /** Wall time from a frame's arrival to its tracks, mean over the second; NaN without a look. */
  readonly delayMs: number
}

export interface InferenceStatistics {
  readonly tasks: Readonly<Record<ModelTask, TaskRates>>
  readonly framesOffered: number
  /** Replaced by a newer frame before their turn. */
  readonly framesDropped: number
  /** Not looked at because nothing new was to be seen. */
  readonly framesSaved: number
  /** Share of the last second in which a model was running, over all tasks. */
  readonly busyShare: number
  readonly cameras: readonly CameraLooks[]
  /** Forecast and environment requests replaced by newer ones, or refused because too many waited. */
  readonly requestsDropped: number
}

/** Folders of the models by absolute address; a missing one is simply not there. */
export interface ModelFolders {
  readonly detection?: string
  readonly forecast?: string
  readonly environment?: string
}

export interface InferenceSite {
  readonly cameras: readonly Camera[]
  readonly zones: readonly Zone[]
  readonly utcOffsetMinutes: number
  /** IANA; where it is told, a change of the clock within a meter's past is known. */
  readonly timeZone?: string
}

export type InferenceEvent =
  /** All models are open or failed; `models` are those that run. Sent again when an engine changes. */
  | { readonly type: 'models'; readonly models: readonly ModelReport[] }
  | { readonly type: 'frame'; readonly detections: FrameDetections; readonly tracks: TrackUpdate }
  /** Undefined: no detector runs, or it failed on this picture. */
  | { readonly type: 'inspected'; readonly requestId: number; readonly detections: readonly Detection[] | undefined }
  | { readonly type: 'forecast'; readonly forecast: Forecast }
  | { readonly type: 'bandBreak'; readonly bandBreak: BandBreak }
  | { readonly type: 'environment'; readonly verdict: EnvironmentVerdict }
  | { readonly type: 'statistics'; readonly statistics: InferenceStatistics }
  | { readonly type: 'answer'; readonly requestId: number; readonly answer: ModelAnswer }
  /** `report` undefined: the fault is over. */
  | { readonly type: 'fault'; readonly key: string; readonly report: FaultReport | undefined }

export type InferenceCommand =
  /** Answered by an `answer` of the same `requestId`; `manifestText` where a `model.json` is there already. */
  | {
      readonly type: 'inspectDetector'
      readonly requestId: number
      readonly model: ForeignModel
    }
  /** A dry run; with `keep` the detector takes over if it went well. Answered likewise. */
  | {
      readonly type: 'tryDetector'
      readonly requestId: number
      readonly model: ForeignModel
      readonly keep: boolean
    }
  | { readonly type: 'open'; readonly folders: ModelFolders; readonly preference?: EnginePreference }
  | { readonly type: 'site'; readonly site: InferenceSite }
  /** `CameraFrame`s arrive on this port from now on, straight from the worker that makes them. */
  | { readonly type: 'connectFrames'; readonly port: MessagePort }
  | { readonly type: 'frame'; readonly frame: CameraFrame }
  /** A wary look at a picture that is to leave the tab, whatever moves in it; it touches no track. */
  | { readonly type: 'inspect'; readonly requestId: number; readonly frame: CameraFrame }
  | { readonly type: 'profile'; readonly meterId: string; readonly profile: ProfileMessage }
  | { readonly type: 'environment'; readonly window: EnvironmentWindow }
  /** Time jumped: tracks and motion start anew. Meters find out by themselves. With a camera: it shows something else now. */
  | { readonly type: 'reset'; readonly cameraId?: string }

export interface Inference extends Disposable {
  send(command: InferenceCommand): void
  subscribe(listener: (event: InferenceEvent) => void): () => void
}

/** What moves instead of being copied. */
export function transferablesOf(command: InferenceCommand): Transferable[] {
  switch (command.type) {
    case 'connectFrames':
      return [command.port]
    case 'frame':
    case 'inspect':
      return [command.frame.rgba]
    // Weights are copied: the page keeps them for the next step and the next visit.
    case 'inspectDetector':
    case 'tryDetector':
    case 'open':
    case 'site':
    case 'profile':
    case 'environment':
    case 'reset':
      return []
    default:
      return exhaustive(command)
  }
}
