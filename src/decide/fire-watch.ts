/** Fire from pictures and from the air: both must last before they count. */
import type { EnvironmentVerdict, FrameDetections } from '../contract/perception.ts'
import { pointInPolygon } from '../site/geometry.ts'
import { cameraModel, worldFromImage } from '../site/projection.ts'
import type { SiteFile } from '../site/schema.ts'
import type { Signal } from './signal.ts'

export interface FireWatchSettings {
  /** A sighting needs so many of the last `frames` frames, at `leastScore` or better. */
  readonly frames: number
  readonly framesNeeded: number
  readonly leastScore: number
  /** The air needs so many verdicts in a row at `leastFireLike` or better. */
  readonly verdictsNeeded: number
  readonly leastFireLike: number
}

const defaultFireWatch: FireWatchSettings = {
  frames: 10,
  framesNeeded: 6,
  leastScore: 0.35,
  verdictsNeeded: 2,
  leastFireLike: 0.6,
}

interface Look {
  readonly score: number
  readonly zone: string | undefined
}

const burning = ['fire', 'smoke'] as const

export class FireWatch {
  readonly #site: SiteFile
  readonly #settings: FireWatchSettings
  readonly #looks = new Map<string, Look[]>()
  readonly #inARow = new Map<string, number>()
  readonly #lastFireMs = new Map<string, number>()

  constructor(site: SiteFile, settings: FireWatchSettings = defaultFireWatch) {
    this.#site = site
    this.#settings = settings
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
    const inARow = fireLike >= this.#settings.leastFireLike ? (this.#inARow.get(zoneId) ?? 0) + 1 : 0
    this.#inARow.set(zoneId, inARow)
    if (inARow < this.#settings.verdictsNeeded) return []
    this.#lastFireMs.set(zoneId, atMs)
    const values = { fireLike: Math.round(fireLike * 1000) / 1000, verdicts: inARow }
    const evidence = { source: 'environment', kind: 'fireLike', subject: zoneId, atMs, weight: 0.75 * fireLike, values }
    return [{ kind: 'fire', zones: [zoneId], evidence: { ...evidence, source: 'environment' } }]
  }

  clear(): void {
    this.#looks.clear()
    this.#inARow.clear()
    this.#lastFireMs.clear()
  }

  #seen(frame: FrameDetections, className: (typeof burning)[number]): Signal[] {
    const { frames, framesNeeded, leastScore } = this.#settings
    const best = frame.detections
      .filter((detection) => detection.className === className && detection.score >= leastScore)
      .sort((a, b) => b.score - a.score)[0]
    const key = `${frame.cameraId}/${className}`
    const look = { score: best?.score ?? 0, zone: best && this.#zoneOf(frame.cameraId, best.box) }
    const looks = [...(this.#looks.get(key) ?? []), look].slice(-frames)
    this.#looks.set(key, looks)
    const hits = looks.filter(({ score }) => score > 0)
    if (!best || hits.length < framesNeeded) return []
    const zone = look.zone
    if (zone !== undefined) this.#lastFireMs.set(zone, frame.capturedAtMs)
    const score = hits.reduce((sum, hit) => sum + hit.score, 0) / hits.length
    return [
      {
        kind: 'fire',
        zones: zone === undefined ? [] : [zone],
        evidence: {
          source: 'video',
          kind: `${className}Seen`,
          subject: frame.cameraId,
          atMs: frame.capturedAtMs,
          // Smoke is the easier to mistake: steam, dust, headlights in fog.
          weight: (className === 'fire' ? 0.85 : 0.7) * Math.min(1, 0.4 + 0.7 * score),
          values: { score: Math.round(score * 1000) / 1000, frames: hits.length },
        },
      },
    ]
  }

  /** By the foot of the box on the ground; the camera's own zone where that meets none. */
  #zoneOf(cameraId: string, box: { x: number; y: number; width: number; height: number }): string | undefined {
    const camera = this.#site.cameras.find((candidate) => candidate.id === cameraId)
    if (!camera) return undefined
    const at = worldFromImage(cameraModel(camera), box.x + box.width / 2, box.y + box.height)
    const zone =
      at && this.#site.zones.find((item) => item.floorM < 1 && pointInPolygon(at.eastM, at.northM, item.polygon))
    return zone?.id ?? camera.zones[0]
  }
}
