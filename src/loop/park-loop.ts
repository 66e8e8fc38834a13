/**
 * Joins the four stages: what the bus brings goes to the twin and to inference, what models say goes to decisions, what
 * people approve goes to action, and what devices report closes the loop. Free of React, DOM and three: the same in a tab
 * and in Node.
 */
import type { Role } from '../act/check-intent.ts'
import type { CameraFault, CameraHealth } from '../contract/camera.ts'
import type { Inference, InferenceEvent, InferenceStatistics, ModelFolders, ModelReport } from '../infer/inference.ts'
import type { Clock } from '../platform/clock.ts'
import { Disposables } from '../platform/disposables.ts'
import type { ParkBus, ParkEvent } from '../site/park-bus.ts'
import type { Camera, SiteFile } from '../site/schema.ts'
import { atLocalTime } from '../site/time-zone.ts'
import { Twin } from '../twin/twin.ts'
import { environmentWindows } from './environment-windows.ts'
import { LoadProfiles } from './load-profiles.ts'
import { loopNumbers } from './loop-numbers.ts'
import { SiteLoop } from './site-loop.ts'

export interface ParkLoopOptions {
  readonly clock: Clock
  readonly bus: ParkBus
  readonly inference: Inference
  readonly models: ModelFolders
  /** This console on the bus: an id of the contract, distinct for every console. */
  readonly consoleId: string
  /** Who sits here, for the record. */
  readonly personName: string
  readonly role: () => Role
  /** Random and unique over all consoles. */
  readonly newId: () => string
}

const beatPeriodMs = 250
/** Wall time between two looks at the air of all zones, and the least site time that must have passed. */
const environmentPeriodMs = 2000
const environmentStepMs = 15_000
/** Site time between two looks at whether summer time has begun or ended. */
const localTimeStepMs = 900_000

export class ParkLoop {
  readonly twin: Twin
  readonly #o: ParkLoopOptions
  readonly #open = new Disposables()
  readonly #cameras = new Map<string, CameraHealth>()
  #epoch = 0
  readonly #profiles: LoadProfiles
  #site: SiteLoop | undefined
  #siteText = ''
  #siteFile: SiteFile | undefined
  /** Poses that people solved here, by camera. */
  readonly #calibrated = new Map<string, Camera>()
  #models: readonly ModelReport[] = []
  #statistics: InferenceStatistics | undefined
  #lastEnvironmentAtMs = 0
  /** The step of site time in which the local time was looked at. */
  #localTimeStep = 0

  constructor(options: ParkLoopOptions) {
    this.#o = options
    const { clock, bus, inference } = options
    this.twin = new Twin(clock)
    this.#profiles = new LoadProfiles(this.twin, (meterId, profile) =>
      inference.send({ type: 'profile', meterId, profile }),
    )
    this.#open.add(bus.subscribe((event) => this.#onBus(event)))
    this.#open.add(inference.subscribe((event) => this.#onInference(event)))
    this.#open.add(clock.every(beatPeriodMs, () => this.#beat()))
    this.#open.add(clock.every(environmentPeriodMs, () => this.#lookAtAir()))
    this.#open.add(() => this.#site?.dispose())
    inference.send({ type: 'open', folders: options.models })
    this.twin.apply({ type: 'link', link: bus.link })
  }

  /** The loop of the site that is announced; undefined until it is. */
  get site(): SiteLoop | undefined {
    return this.#site
  }

  /** The sources of frames live outside; they say once a second or so how they are. */
  noteCameras(health: readonly CameraHealth[]): void {
    for (const one of health) {
      this.#noteFault(one, this.#cameras.get(one.cameraId)?.fault)
      this.#cameras.set(one.cameraId, one)
    }
    this.twin.project({ cameras: new Map(this.#cameras) })
  }

  /** Believes in another pose and lens of a camera, everywhere and at once; the site file itself stays as it is. */
  calibrate(camera: Camera): void {
    this.#calibrated.set(camera.id, camera)
    this.#tellCameras()
  }

  dispose(): void {
    this.#open.dispose()
  }

  /** Said once when it begins or turns into another one, not with every report. */
  #noteFault({ cameraId, fault }: CameraHealth, before: CameraFault | undefined): void {
    const { faults } = this.twin
    const key = `camera:${cameraId}`
    if (!fault) {
      if (before) faults.clear(key)
    } else if (fault.code !== before?.code || fault.detail !== before.detail) {
      faults.set(key, { severity: fault.code === 'camera.noWorld' ? 'info' : 'warning', ...fault })
    }
  }

  #onBus(told: ParkEvent): void {
    const event = told.type === 'site' ? { ...told, site: atLocalTime(told.site, this.twin.siteClock.nowMs()) } : told
    if (event.type === 'profile') return this.#profiles.heard(event.device, event.profile)
    this.twin.apply(event)
    switch (event.type) {
      case 'site':
        return this.#enter(event.site)
      case 'clock':
        this.#noteJump()
        return this.#profiles.release()
      case 'device':
        return this.#profiles.born(event.birth.id)
      case 'deviceGone':
        this.#profiles.gone(event.device)
        this.#site?.onBus(event)
        return
      default:
        this.#site?.onBus(event)
    }
  }

  #noteJump(): void {
    const { epoch } = this.twin.siteClock
    if (epoch === this.#epoch) return
    this.#epoch = epoch
    this.#o.inference.send({ type: 'reset' })
    this.#lastEnvironmentAtMs = 0
    this.#site?.timeJumped()
  }

  #enter(site: SiteFile): void {
    const text = JSON.stringify(site)
    if (text === this.#siteText) return
    this.#siteText = text
    this.#forgetCameras(site)
    const before = this.#site
    const known = before?.siteId === site.id && { incidents: before.incidents(), plans: before.plans() }
    before?.dispose()
    if (site.id !== this.#siteFile?.id) this.#calibrated.clear()
    this.#siteFile = site
    this.#site = new SiteLoop({ ...this.#o, twin: this.twin, site, ...(known && { known }) })
    this.#tellCameras()
  }

  #tellCameras(): void {
    const site = this.#siteFile
    if (!site) return
    const cameras = site.cameras.map((camera) => {
      const { at, headingDeg, pitchDeg, rollDeg, lens, poseSigma } = this.#calibrated.get(camera.id) ?? camera
      return { ...camera, at, headingDeg, pitchDeg, rollDeg, lens, ...(poseSigma && { poseSigma }) }
    })
    if (this.#calibrated.size > 0) {
      const believed = { ...site, cameras }
      this.#site?.believe(believed)
      this.twin.project({ site: believed })
    }
    const { utcOffsetMinutes, timeZone } = site.geo
    this.#o.inference.send({
      type: 'site',
      site: { cameras, zones: site.zones, utcOffsetMinutes, timeZone },
    })
  }

  /** Cameras that this site does not have cannot be at fault. */
  #forgetCameras(site: SiteFile): void {
    for (const id of this.#cameras.keys()) {
      if (site.cameras.some((camera) => camera.id === id)) continue
      this.#cameras.delete(id)
      this.twin.faults.clear(`camera:${id}`)
    }
  }

  #onInference(event: InferenceEvent): void {
    switch (event.type) {
      case 'models':
        this.#models = event.models
        return
      case 'statistics':
        this.#statistics = event.statistics
        return
      case 'fault':
        this.twin.apply(event)
        return
      default:
        this.#site?.onInference(event)
    }
  }

  #lookAtAir(): void {
    const nowMs = this.twin.siteClock.nowMs()
    if (Math.abs(nowMs - this.#lastEnvironmentAtMs) < environmentStepMs) return
    this.#lastEnvironmentAtMs = nowMs
    for (const window of environmentWindows(this.twin, nowMs)) this.#o.inference.send({ type: 'environment', window })
  }

  /** Summer time began or ended, or the site's clock told of another season than the wall's. */
  #keepLocalTime(): void {
    const nowMs = this.twin.siteClock.nowMs()
    const step = Math.floor(nowMs / localTimeStepMs)
    if (!this.#siteFile || step === this.#localTimeStep) return
    this.#localTimeStep = step
    const site = atLocalTime(this.#siteFile, nowMs)
    if (site === this.#siteFile) return
    this.#siteFile = site
    this.#site?.believe(site)
    this.twin.project({ site })
    this.#tellCameras()
  }

  #beat(): void {
    this.#keepLocalTime()
    this.#site?.tick()
    this.twin.project({
      loop: loopNumbers({
        rates: this.twin.store.getState().rates,
        statistics: this.#statistics,
        models: this.#models,
        commands: this.#site?.commands() ?? [],
        plans: this.#site?.plans() ?? [],
        siteNowMs: this.twin.siteClock.nowMs(),
        utcOffsetMinutes: this.#site?.utcOffsetMinutes ?? 0,
      }),
    })
    this.twin.beat()
  }
}
