/**
 * Inference without a worker around it: frames, load profiles and sensor windows in; what the models say out. One run
 * at a time (the runtime allows no more), small requests and frames in turn, the newest of each kind only.
 */
import type { CameraFrame } from '../contract/camera.ts'
import type { ProfileMessage } from '../contract/messages.ts'
import type { ModelAnswer } from '../contract/model-port.ts'
import type { Detection } from '../contract/perception.ts'
import type { Clock } from '../platform/clock.ts'
import { Disposables } from '../platform/disposables.ts'
import { Emitter } from '../platform/emitter.ts'
import { err, exhaustive, ok } from '../platform/result.ts'
import { localOffset } from '../site/time-zone.ts'
import { CameraWatch } from './camera-watch.ts'
import { Detector } from './detector.ts'
import { type ForeignModel, inspectForeign, tryForeign } from './detector-import.ts'
import { knowsPeople } from './detector-output.ts'
import type { Engine, EngineOptions, EnginePreference } from './engine.ts'
import type { EngineBackend } from './engine-backend.ts'
import { EnvironmentModel } from './environment.ts'
import type { EnvironmentWindow } from './environment-input.ts'
import { Forecaster } from './forecaster.ts'
import { byLocalTime } from './forecaster-input.ts'
import { FrameQueue, type WaitingFrame } from './frame-queue.ts'
import type {
  Inference,
  InferenceCommand,
  InferenceEvent,
  InferenceSite,
  ModelFolders,
  ModelReport,
} from './inference.ts'
import { InferenceMeter } from './inference-meter.ts'
import { advanceMeterWatch, type MeterWatch, newMeterWatch, newsOf } from './meter-watch.ts'
import { loadModel, type ModelFiles, type ModelManifest, type ModelTask } from './model-manifest.ts'
import { lookAt } from './region-look.ts'
import { cameraPlace } from './track-placement.ts'
import { waryLook } from './wary-look.ts'

export interface InferenceOptions {
  readonly clock: Clock
  readonly backends: readonly EngineBackend[]
  readonly filesOf: (folder: string) => ModelFiles
}

interface OpenModel {
  readonly engine: Engine
  readonly manifest: ModelManifest
  dispose(): Promise<void>
}

/** More waiting requests than this and the oldest give way; they are keyed, so this is meters plus zones. */
const requestLimit = 2000
/** Of more meters the longest quiet one is looked at anew when it speaks again. */
const mostMeters = 5000
const statisticsPeriodMs = 1000

export class InferenceService implements Inference {
  readonly #options: InferenceOptions
  readonly #events = new Emitter<InferenceEvent>()
  readonly #disposables = new Disposables()
  readonly #frames = new FrameQueue()
  readonly #requests = new Map<string, () => Promise<void>>()
  readonly #cameras = new Map<string, CameraWatch>()
  readonly #meters = new Map<string, MeterWatch>()
  readonly #rates = new InferenceMeter()
  readonly #models = new Map<ModelTask, OpenModel>()
  #detector: Detector | undefined
  #forecaster: Forecaster | undefined
  #environment: EnvironmentModel | undefined
  #site: InferenceSite = { cameras: [], zones: [], utcOffsetMinutes: 0 }
  #offsetAt = (_atMs: number): number => 0
  #opening: Promise<void> = Promise.resolve()
  /** Opening is running too: the runtime allows one thing at a time. */
  #openCount = 0
  #busy = false
  #pumping: Promise<void> = Promise.resolve()
  /** What a dry run of another detector looks at. */
  #newestFrame: CameraFrame | undefined
  readonly #failing = new Set<string>()
  #frameTurn = false
  #framesSaved = 0
  #requestsDropped = 0

  constructor(options: InferenceOptions) {
    this.#options = options
    let beatMs = options.clock.monotonicMs()
    this.#disposables.add(
      options.clock.every(statisticsPeriodMs, () => {
        const nowMs = options.clock.monotonicMs()
        this.#emitStatistics(nowMs - beatMs)
        beatMs = nowMs
      }),
    )
  }

  subscribe(listener: (event: InferenceEvent) => void): () => void {
    return this.#events.subscribe(listener)
  }

  send(command: InferenceCommand): void {
    if (this.#disposables.disposed) return
    switch (command.type) {
      case 'open':
        this.#alone(() => this.#open(command.folders, command.preference ?? 'auto'))
        break
      case 'inspectDetector':
        this.#answer(command.requestId, () => inspectForeign(command.model, this.#options.backends))
        break
      case 'tryDetector':
        this.#answer(command.requestId, () => this.#tryDetector(command.model, command.keep))
        break
      case 'site':
        this.#site = command.site
        this.#offsetAt = localOffset({ timeZone: 'UTC', ...command.site })
        for (const [id, watch] of this.#cameras) watch.place = this.#placeOf(id)
        break
      case 'connectFrames':
        this.#connect(command.port)
        break
      case 'frame':
        this.#offer(command.frame)
        break
      case 'inspect':
        this.#askToInspect(command.requestId, command.frame)
        break
      case 'profile':
        this.#request(`profile:${command.meterId}`, () => this.#watchMeter(command.meterId, command.profile))
        break
      case 'environment':
        this.#request(`environment:${command.window.zoneId}`, () => this.#judgeZone(command.window))
        break
      case 'reset':
        this.#frames.clear(command.cameraId)
        if (command.cameraId !== undefined) this.#cameras.get(command.cameraId)?.reset()
        else for (const watch of this.#cameras.values()) watch.reset()
        break
      default:
        exhaustive(command)
    }
  }

  /** Resolves once every `open` so far is through. */
  get opened(): Promise<void> {
    return this.#opening
  }

  dispose(): void {
    if (this.#disposables.disposed) return
    this.#disposables.dispose()
    this.#frames.clear()
    this.#requests.clear()
    const models = [...this.#models.values()]
    this.#models.clear()
    void this.#opening.then(() => Promise.all(models.map((model) => model.dispose())))
  }

  /** After what runs now and before any other run: the runtime allows one thing at a time. */
  #alone(run: () => Promise<void>): void {
    this.#openCount++
    this.#opening = this.#opening
      .then(() => this.#pumping)
      .then(run)
      .finally(() => {
        this.#openCount--
        void this.#pump()
      })
  }

  #answer(requestId: number, find: () => Promise<ModelAnswer>): void {
    const failed = (error: unknown): ModelAnswer =>
      err({ code: 'engineFailed', message: error instanceof Error ? error.message : String(error) })
    this.#alone(async () => this.#events.emit({ type: 'answer', requestId, answer: await find().catch(failed) }))
  }

  /** The detector in use goes on unless the new one ran and is to be kept. */
  async #tryDetector(model: ForeignModel, keep: boolean): Promise<ModelAnswer> {
    const { clock, backends } = this.#options
    const changed = () => this.#engineChanged('detection')
    const opened = await tryForeign(model, this.#newestFrame, { clock, backends, changed })
    if (!opened.ok) return opened
    const { detector, tried } = opened.value
    if (!keep || this.#disposables.disposed) await detector.dispose()
    else {
      await this.#take('detection', detector)
      this.#reportModels()
    }
    return ok(tried)
  }

  async #open(folders: ModelFolders, preference: EnginePreference): Promise<void> {
    const wanted = Object.entries(folders) as [ModelTask, string][]
    for (const [task, folder] of wanted) {
      if (this.#disposables.disposed) return
      try {
        await this.#openOne(task, folder, preference)
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error)
        this.#fault(`infer:${task}`, { severity: 'error', code: 'infer.engineFailed', detail: detail.slice(0, 300) })
      }
    }
    this.#reportModels()
  }

  async #openOne(task: ModelTask, folder: string, preference: EnginePreference): Promise<void> {
    const { clock, backends, filesOf } = this.#options
    const loaded = await loadModel(filesOf(folder))
    const options: EngineOptions = { clock, backends, preference, changed: () => this.#engineChanged(task) }
    const opened = !loaded.ok
      ? loaded
      : task === 'detection'
        ? await Detector.open(loaded.value, options)
        : task === 'forecast'
          ? await Forecaster.open(loaded.value, options)
          : await EnvironmentModel.open(loaded.value, options)
    if (!opened.ok) {
      const { code, message } = opened.error
      this.#fault(`infer:${task}`, { severity: 'error', code: `infer.${code}`, detail: message })
      return
    }
    if (this.#disposables.disposed) await opened.value.dispose()
    else await this.#take(task, opened.value)
  }

  async #take(task: ModelTask, model: Detector | Forecaster | EnvironmentModel): Promise<void> {
    const before = this.#models.get(task)
    this.#models.set(task, model)
    if (model instanceof Detector) this.#detector = model
    else if (model instanceof Forecaster) this.#forecaster = model
    else this.#environment = model
    this.#fault(`infer:${task}`, undefined)
    await before?.dispose()
  }

  #engineChanged(task: ModelTask): void {
    const detail = this.#models.get(task)?.engine.report.why ?? ''
    this.#fault(`infer:${task}:engine`, { severity: 'warning', code: 'infer.gpuLost', detail })
    this.#reportModels()
  }

  #reportModels(): void {
    const models: ModelReport[] = [...this.#models].map(([task, { engine, manifest }]) => ({
      task,
      name: manifest.name,
      version: manifest.version,
      ...engine.report,
    }))
    this.#events.emit({ type: 'models', models })
  }

  #connect(port: MessagePort): void {
    port.onmessage = ({ data }: MessageEvent<CameraFrame>) => this.#offer(data)
    this.#disposables.add(() => port.close())
  }

  #offer(frame: CameraFrame): void {
    this.#frames.offer(frame, this.#options.clock.monotonicMs())
    void this.#pump()
  }

  #request(key: string, run: () => Promise<void>): void {
    if (this.#requests.delete(key)) this.#requestsDropped++
    else if (this.#requests.size >= requestLimit) {
      const oldest = this.#requests.keys().next().value
      if (oldest !== undefined) this.#requests.delete(oldest)
      this.#requestsDropped++
    }
    this.#requests.set(key, run)
    void this.#pump()
  }

  async #pump(): Promise<void> {
    if (this.#busy || this.#openCount > 0) return
    this.#busy = true
    this.#pumping = this.#drain()
    try {
      await this.#pumping
    } finally {
      this.#busy = false
    }
  }

  /** Stops between two runs where something asked to be alone. */
  async #drain(): Promise<void> {
    while (this.#openCount === 0 && !this.#disposables.disposed) {
      const run = this.#next()
      if (!run) return
      await run()
    }
  }

  /** Frames and requests in turn; a task whose model is not open yet keeps waiting. */
  #next(): (() => Promise<void>) | undefined {
    this.#frameTurn = !this.#frameTurn
    return this.#frameTurn ? (this.#nextFrame() ?? this.#nextRequest()) : (this.#nextRequest() ?? this.#nextFrame())
  }

  #nextFrame(): (() => Promise<void>) | undefined {
    const detector = this.#detector
    const next = detector && this.#frames.take()
    return next && (() => this.#guarded('detection', () => this.#look(detector, next)))
  }

  #nextRequest(): (() => Promise<void>) | undefined {
    for (const [key, run] of this.#requests) {
      const task = taskOfRequest(key)
      if (!this.#models.has(task)) continue
      this.#requests.delete(key)
      return () => this.#guarded(task, run)
    }
    return undefined
  }

  /** A failing run is a fault on screen, not the end of the loop. */
  async #guarded(task: ModelTask, run: () => Promise<void>): Promise<void> {
    const key = `infer:${task}:run`
    try {
      await run()
      if (this.#failing.delete(key)) this.#fault(key, undefined)
    } catch (error) {
      if (this.#disposables.disposed) return
      this.#failing.add(key)
      const detail = error instanceof Error ? error.message : String(error)
      this.#fault(key, { severity: 'error', code: 'infer.runFailed', detail: detail.slice(0, 300) })
    }
  }

  #askToInspect(requestId: number, frame: CameraFrame): void {
    if (this.#detector) this.#request(`inspect:${requestId}`, () => this.#inspect(requestId, frame))
    else this.#events.emit({ type: 'inspected', requestId, detections: undefined })
  }

  /** Whoever asked is answered in every case; what failed is a fault all the same. */
  async #inspect(requestId: number, frame: CameraFrame): Promise<void> {
    let detections: readonly Detection[] | undefined
    try {
      const followed = this.#cameras.get(frame.cameraId)?.followed(frame.capturedAtMs) ?? []
      // A detector that knows no people finds none: a picture with nobody blurred must not leave for that.
      const detector = this.#detector
      if (detector && knowsPeople(detector.manifest)) detections = await waryLook(detector, frame, followed)
    } finally {
      this.#events.emit({ type: 'inspected', requestId, detections })
    }
  }

  async #look(detector: Detector, { frame, arrivedMs }: WaitingFrame): Promise<void> {
    const { clock } = this.#options
    const watch = this.#cameraOf(frame.cameraId)
    const startMs = clock.monotonicMs()
    const reason = watch.wants(frame, startMs)
    if (!reason) {
      this.#framesSaved++
      this.#rates.save(frame.cameraId)
      return
    }
    this.#newestFrame = frame
    const { found, part } = await lookAt(detector, frame, watch.part(frame, detector.inputSize, startMs))
    const inferenceMs = clock.monotonicMs() - startMs
    this.#rates.count('detection', inferenceMs)
    if (this.#disposables.disposed) return
    const { cameraId, frameId, width, height } = frame
    const engine = detector.engine.kind
    const tracks = watch.track(frame, found, detector.manifest.output.sureScore, startMs, part)
    const { capturedAtMs } = tracks
    this.#rates.look(cameraId, reason, clock.monotonicMs() - arrivedMs)
    this.#events.emit({
      type: 'frame',
      detections: { cameraId, frameId, capturedAtMs, width, height, detections: found, engine, inferenceMs },
      tracks,
    })
  }

  async #watchMeter(meterId: string, profile: ProfileMessage): Promise<void> {
    const forecaster = this.#forecaster
    if (!forecaster) return
    const { clock } = this.#options
    const offsetAt = this.#offsetAt
    const before = this.#meters.get(meterId) ?? newMeterWatch
    const news = await advanceMeterWatch(before, meterId, profile, async (measured, startMs) => {
      const startedMs = clock.monotonicMs()
      const history = byLocalTime(measured, startMs, offsetAt)
      const forecast = await forecaster.forecast({ meterId, history, startMs, utcOffsetMinutes: offsetAt(startMs) })
      if (forecast) this.#rates.count('forecast', clock.monotonicMs() - startedMs)
      return forecast
    })
    this.#meters.delete(meterId)
    this.#meters.set(meterId, news.watch)
    const [quietest] = this.#meters.keys()
    if (this.#meters.size > mostMeters && quietest !== undefined) this.#meters.delete(quietest)
    for (const forecast of news.forecasts) this.#events.emit({ type: 'forecast', forecast })
    for (const bandBreak of newsOf(before, news.breaks)) this.#events.emit({ type: 'bandBreak', bandBreak })
  }

  async #judgeZone(window: EnvironmentWindow): Promise<void> {
    const startMs = this.#options.clock.monotonicMs()
    const verdict = await this.#environment?.judge(window)
    if (!verdict) return
    this.#rates.count('environment', this.#options.clock.monotonicMs() - startMs)
    this.#events.emit({ type: 'environment', verdict })
  }

  #cameraOf(cameraId: string): CameraWatch {
    let watch = this.#cameras.get(cameraId)
    if (!watch) {
      watch = new CameraWatch()
      watch.place = this.#placeOf(cameraId)
      this.#cameras.set(cameraId, watch)
    }
    return watch
  }

  #placeOf(cameraId: string) {
    const camera = this.#site.cameras.find(({ id }) => id === cameraId)
    return camera && cameraPlace(camera, this.#site.zones)
  }

  #emitStatistics(elapsedMs: number): void {
    this.#events.emit({
      type: 'statistics',
      statistics: {
        busyShare: this.#rates.busyShare(elapsedMs),
        tasks: this.#rates.beat(elapsedMs),
        cameras: this.#rates.beatCameras(elapsedMs),
        framesOffered: this.#frames.offeredCount,
        framesDropped: this.#frames.droppedCount,
        framesSaved: this.#framesSaved,
        requestsDropped: this.#requestsDropped,
      },
    })
  }

  #fault(key: string, report: Extract<InferenceEvent, { type: 'fault' }>['report']): void {
    this.#events.emit({ type: 'fault', key, report })
  }
}

function taskOfRequest(key: string): ModelTask {
  if (key.startsWith('inspect:')) return 'detection'
  return key.startsWith('profile:') ? 'forecast' : 'environment'
}
