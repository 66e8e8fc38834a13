/** Fire from pictures and from the air: both must last before they count. */
import type { BoxInImage, EnvironmentVerdict, FrameDetections } from '../contract/perception.ts'
import { pointInPolygon } from '../site/geometry.ts'
import { cameraModel, worldFromImage } from '../site/projection.ts'
import { CameraSilence } from './camera-silence.ts'
import { FlameSeats, type SeatSettings } from './flame-seats.ts'
import type { ParkView } from './park-view.ts'
import type { Signal } from './signal.ts'

interface FireWatchSettings {
  /** Sightings must last at one place (`flame-seats.ts`). */
  readonly seats: Readonly<Record<Burns, SeatSettings>>
  /** The air needs so many verdicts in a row at `leastFireLike` or better. */
  readonly verdictsNeeded: number
  readonly leastFireLike: number
}

const lasting = { looks: 12, looksNeeded: 7, lastsMs: 1200, sureLooks: 3 }

const settings: FireWatchSettings = {
  // Smoke has no edges: a detector is never as sure of it as of flames.
  seats: {
    fire: { ...lasting, leastScore: 0.35, sureScore: 0.5 },
    smoke: { ...lasting, leastScore: 0.35, sureScore: 0.42 },
  },
  verdictsNeeded: 2,
  leastFireLike: 0.6,
}

/** What changes less from look to look hardly burns: a sign, a lamp, a painted wall. */
const leastFlicker = 0.015
const stillShare = 0.8

const burning = ['fire', 'smoke'] as const
type Burns = (typeof burning)[number]

export class FireWatch {
  /** Asked at each look: a camera may be calibrated anew. */
  readonly #view: Pick<ParkView, 'site'>
  readonly #seats = new Map<string, FlameSeats>()
  readonly #silence = new CameraSilence()
  readonly #inARow = new Map<string, number>()
  readonly #lastFireMs = new Map<string, number>()

  constructor(view: Pick<ParkView, 'site'>) {
    this.#view = view
  }

  /** Site time when pictures or air last spoke of fire in a zone. */
  lastFireMs(zone: string): number | undefined {
    return this.#lastFireMs.get(zone)
  }

  observeFrame(frame: FrameDetections): Signal[] {
    return burning.flatMap((className) => this.#seen(frame, className))
  }

  observeAir(verdict: EnvironmentVerdict): Signal[] {
    const { zoneId, atMs, fireLike } = verdict
    const inARow = fireLike >= settings.leastFireLike ? (this.#inARow.get(zoneId) ?? 0) + 1 : 0
    this.#inARow.set(zoneId, inARow)
    if (inARow < settings.verdictsNeeded) return []
    this.#lastFireMs.set(zoneId, atMs)
    const values = { fireLike: Math.round(fireLike * 1000) / 1000, verdicts: inARow }
    const evidence = { source: 'environment', kind: 'fireLike', subject: zoneId, atMs, weight: 0.75 * fireLike, values }
    return [{ kind: 'fire', zones: [zoneId], evidence: { ...evidence, source: 'environment' } }]
  }

  clear(): void {
    this.#seats.clear()
    this.#silence.clear()
    this.#inARow.clear()
    this.#lastFireMs.clear()
  }

  #seen(frame: FrameDetections, className: Burns): Signal[] {
    const { cameraId, capturedAtMs: atMs } = frame
    const key = `${cameraId}/${className}`
    // One more look after hours does not make a flicker of long ago a fire that lasted.
    const known = this.#silence.breaks(key, atMs) ? undefined : this.#seats.get(key)
    const seats = known ?? new FlameSeats(settings.seats[className])
    this.#seats.set(key, seats)
    const found = seats.observe(
      frame.detections.filter((detection) => detection.className === className),
      atMs,
    )
    return found.map((seat) => {
      const zone = this.#zoneOf(frame, seat.box)
      if (zone !== undefined) this.#lastFireMs.set(zone, atMs)
      const { looksNeeded } = settings.seats[className]
      const values = {
        score: round(seat.score),
        frames: seat.hits,
        looks: seat.looks,
        needFrames: looksNeeded,
        seenS: Math.round((atMs - seat.sinceMs) / 100) / 10,
        flicker: round(seat.flicker),
        growth: round(seat.growth),
        firstAtMs: seat.sinceMs,
      }
      // Smoke is the easier to mistake: steam, dust, headlights in fog.
      const share = (className === 'fire' ? 0.85 : 0.7) * (seat.flicker < leastFlicker ? stillShare : 1)
      const weight = share * Math.min(1, 0.4 + 0.7 * seat.score)
      return {
        kind: 'fire',
        zones: zone === undefined ? [] : [zone],
        evidence: { source: 'video', kind: `${className}Seen`, subject: cameraId, atMs, weight, values },
      }
    })
  }

  /** By the foot of the box on the ground; the camera's own zone where that meets none. */
  #zoneOf({ cameraId, width, height }: FrameDetections, box: BoxInImage): string | undefined {
    const { cameras, zones } = this.#view.site
    const camera = cameras.find((candidate) => candidate.id === cameraId)
    if (!camera) return undefined
    const model = cameraModel(camera)
    const [byX, byY] = [model.widthPx / width, model.heightPx / height]
    const at = worldFromImage(model, (box.x + box.width / 2) * byX, (box.y + box.height) * byY)
    const zone = at && zones.find((item) => item.floorM < 1 && pointInPolygon(at.eastM, at.northM, item.polygon))
    return zone?.id ?? camera.zones[0]
  }
}

const round = (x: number) => Math.round(x * 1000) / 1000
