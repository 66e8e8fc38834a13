import type { BoxInImage, Detection } from '../contract/perception.ts'
import { ok, type Result } from '../platform/result.ts'
import type { Fit } from './detector-input.ts'
import { readCandidates } from './detector-layouts.ts'
import type { DetectionManifest } from './detector-manifest.ts'
import type { Candidate, ClassRules } from './detector-matrix.ts'
import { suppress } from './detector-suppress.ts'
import type { TensorsOut } from './engine-backend.ts'
import type { ModelError } from './model-manifest.ts'

interface PictureSize {
  readonly width: number
  readonly height: number
}

/** Raw outputs of one model → detections in pixels of the full picture, best first. */
export class DetectionDecoder {
  readonly #manifest: DetectionManifest
  readonly #rules: ClassRules
  /** Our name of each of the model's classes; null: dropped. */
  readonly #names: readonly (string | null)[]

  constructor(manifest: DetectionManifest) {
    this.#manifest = manifest
    const { classes, output } = manifest
    this.#names = classes.map((name) => ourClass(name, manifest))
    const floors = Float32Array.from(classes, (name, i) => {
      const ours = this.#names[i]
      return output.classFloors[ours ?? name] ?? output.classFloors[name] ?? output.scoreFloor
    })
    this.#rules = {
      count: classes.length,
      floors,
      lowestFloor: Math.min(...floors),
      multiLabel: output.multiLabel ?? false,
    }
  }

  /** Fails where the outputs are not what the manifest says, and tells what was expected and seen. */
  decode(outputs: TensorsOut, fit: Fit, picture: PictureSize): Result<Detection[], ModelError> {
    const read = readCandidates(outputs, this.#manifest, this.#rules)
    if (!read.ok) return read
    const { nmsIou, classAware, maxCandidates, maxDetections } = this.#manifest.output
    const sorted = read.value
      .filter(({ classId }) => this.#names[classId] !== null)
      .sort((a, b) => b.score - a.score)
      .slice(0, maxCandidates)
    const groupOf = classAware ? ({ classId }: Candidate) => this.#names[classId] ?? '' : () => ''
    const kept = nmsIou === null ? sorted.slice(0, maxDetections) : suppress(sorted, nmsIou, groupOf, maxDetections)
    const detections: Detection[] = []
    for (const candidate of kept) {
      const box = boxInPicture(candidate, fit, picture)
      const className = this.#names[candidate.classId]
      if (box && className) detections.push({ classId: candidate.classId, className, score: candidate.score, box })
    }
    return ok(detections)
  }
}

/** The park's name of a model's class; null: dropped. */
export function ourClass(name: string, { classMap, unmapped }: DetectionManifest): string | null {
  if (Object.hasOwn(classMap, name)) return classMap[name] ?? null
  return unmapped === 'keep' ? name : null
}

/** People, or their faces, by any of the names that models have for them; surfaces and sprinkler heads are none. */
const people = /person|people|pedestrian|^(human[ _-]?)?(face|head)s?$/i
const plates = /plate/i

/** For a picture that leaves the tab: lower floors, and what is to be blurred is told though the park has no word for it. */
export function warily(manifest: DetectionManifest): DetectionManifest {
  const { classes, classMap, output } = manifest
  const classFloors = Object.fromEntries(Object.entries(output.classFloors).map(([name, least]) => [name, least / 2]))
  const blurred = classes.filter((name) => people.test(name) || plates.test(name)).map((name) => [name, name])
  return {
    ...manifest,
    classMap: { ...Object.fromEntries(blurred), ...classMap },
    output: { ...output, scoreFloor: output.scoreFloor / 2, classFloors },
  }
}

/** Whether a wary look finds people. */
export function knowsPeople(manifest: DetectionManifest): boolean {
  const wary = warily(manifest)
  return manifest.classes.some((name) => people.test(ourClass(name, wary) ?? ''))
}

/** Undefined where nothing of the box lies inside the picture. */
function boxInPicture(candidate: Candidate, fit: Fit, picture: PictureSize): BoxInImage | undefined {
  const left = clamp((candidate.left - fit.offsetX) / fit.scaleX, picture.width)
  const right = clamp((candidate.right - fit.offsetX) / fit.scaleX, picture.width)
  const top = clamp((candidate.top - fit.offsetY) / fit.scaleY, picture.height)
  const bottom = clamp((candidate.bottom - fit.offsetY) / fit.scaleY, picture.height)
  if (right <= left || bottom <= top) return undefined
  return { x: left, y: top, width: right - left, height: bottom - top }
}

const clamp = (value: number, limit: number): number => Math.min(limit, Math.max(0, value))
