/** From patches that changed for good to things that somebody may have put down: as large as luggage, on the ground, apart from what is followed. */
import type { BoxInImage, StandingThing, Track } from '../contract/perception.ts'
import type { Picture } from './detector-input.ts'
import { StandingChange, type StandingPatch } from './standing-change.ts'
import { type CameraPlace, placeTracks } from './track-placement.ts'

/** As it appears in the picture; a box's height there is partly its depth on the ground. */
const sizeM = { least: 0.15, mostWide: 1.7, mostTall: 1.5 }
const least = { fill: 0.4, contrast: 1.3, sharpness: 0.6, outline: 0.7 }
/** A patch beside a vehicle is its shadow or its lamps' light; so is what touches a flame or its smoke. */
const casters: ReadonlySet<string> = new Set(['car', 'truck', 'forklift', 'fire', 'smoke'])
const beside = 0.35
/** What is no thing, a shade or a wet patch, is part of the place after so long; a thing that nobody takes the next day. */
const acceptMs = { patch: 12_000, thing: 86_400_000 }
/** In sight and not found for so long it was taken away. */
const goneMs = 3000
/** Luggage does not come and go within less; the rest of the time belongs to the detector. */
const periodMs = 450
const mostThings = 24

interface Known {
  readonly id: string
  readonly sinceMs: number
  patch: StandingPatch
  lastSeenMs: number
}

export class StandingThings {
  #change = new StandingChange()
  #known: Known[] = []
  #serial = 0
  #lookedAtMs = Number.NEGATIVE_INFINITY
  #newest: readonly StandingThing[] = []

  /** `tracks` are those of this very picture, `boxes` all else that was surely found in it. */
  look(
    cameraId: string,
    picture: Picture,
    tracks: readonly Track[],
    boxes: readonly BoxInImage[],
    place: CameraPlace,
    atMs: number,
  ): readonly StandingThing[] {
    if (atMs < this.#lookedAtMs) this.reset()
    if (atMs - this.#lookedAtMs < periodMs) return this.#newest
    this.#lookedAtMs = atMs
    const kept = this.#known.map(({ patch }) => patch.box)
    const patches = this.#change.look(picture, [...tracks.map(({ box }) => box), ...boxes], atMs, kept)
    for (const patch of patches) this.#take(patch, cameraId, picture, tracks, place, atMs)
    this.#forget(atMs)
    this.#newest = this.#placed(cameraId, picture, place, atMs)
    return this.#newest
  }

  reset(): void {
    this.#change = new StandingChange()
    this.#known = []
    this.#newest = []
    this.#lookedAtMs = Number.NEGATIVE_INFINITY
  }

  #take(
    patch: StandingPatch,
    cameraId: string,
    picture: Picture,
    tracks: readonly Track[],
    place: CameraPlace,
    atMs: number,
  ): void {
    const known = this.#known.find((one) => overlap(one.patch.box, patch.box) > 0.3)
    if (known) {
      // Without an outline what differs is only what the place has become meanwhile, in another light.
      if (patch.outline < least.outline) return
      known.patch = patch
      known.lastSeenMs = atMs
      return
    }
    const ageMs = atMs - patch.sinceMs
    if (!isLuggage(patch, picture, place) || tracks.some((track) => casts(track, patch.box))) {
      if (ageMs > acceptMs.patch) this.#change.accept(patch.box)
      return
    }
    if (this.#known.length >= mostThings) return
    const id = `${cameraId}:thing-${++this.#serial}`
    this.#known.push({ id, sinceMs: patch.sinceMs, patch, lastSeenMs: atMs })
  }

  #forget(atMs: number): void {
    this.#known = this.#known.filter(({ sinceMs, lastSeenMs, patch }) => {
      if (atMs - sinceMs > acceptMs.thing) {
        this.#change.accept(patch.box)
        return false
      }
      if (atMs - lastSeenMs < goneMs || !this.#change.isInSight(patch.box)) return true
      this.#change.accept(patch.box)
      return false
    })
  }

  #placed(cameraId: string, picture: Picture, place: CameraPlace, atMs: number): StandingThing[] {
    const asTracks = this.#known.map(({ id, sinceMs, patch }): Track => {
      const seen = { firstSeenMs: sinceMs, lastSeenMs: atMs }
      return { id, cameraId, className: 'thing', score: sureness(patch), box: patch.box, ...seen }
    })
    return placeTracks(asTracks, place, picture).flatMap(({ id, box, firstSeenMs, score, world, zoneId }) =>
      world ? [{ id, box, sinceMs: firstSeenMs, score, world, ...(zoneId !== undefined && { zoneId }) }] : [],
    )
  }
}

/** A faint one may be a stain that dries. */
const sureness = ({ contrast }: StandingPatch) => Math.min(0.85, 0.35 + 0.15 * contrast)

const standsOut = ({ appeared, sharpness }: StandingPatch) => appeared && sharpness >= least.sharpness

function isLuggage(patch: StandingPatch, picture: Picture, place: CameraPlace): boolean {
  const { box, fill, contrast } = patch
  if (!standsOut(patch) || fill < least.fill || contrast < least.contrast) return false
  const { model } = place
  const [track] = placeTracks([{ id: '', cameraId: '', className: 'thing', score: 1, box, firstSeenMs: 0, lastSeenMs: 0 }], place, picture) // biome-ignore format: one row
  if (!track?.world) return false
  const { eastM, northM } = track.world
  const rangeM = Math.hypot(eastM - model.at[0], northM - model.at[1], model.at[2])
  const perPx = (rangeM / model.focalPx) * (model.widthPx / picture.width)
  const [wideM, tallM] = [box.width * perPx, box.height * perPx]
  return Math.max(wideM, tallM) >= sizeM.least && wideM <= sizeM.mostWide && tallM <= sizeM.mostTall
}

function casts({ className, box }: Track, patch: BoxInImage): boolean {
  if (!casters.has(className)) return false
  const pad = beside * Math.max(box.width, box.height)
  return (
    patch.x < box.x + box.width + pad &&
    patch.x + patch.width > box.x - pad &&
    patch.y < box.y + box.height + pad &&
    patch.y + patch.height > box.y - pad
  )
}

/** Of the smaller box: a patch may lose or gain an edge. */
function overlap(a: BoxInImage, b: BoxInImage): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  if (width <= 0 || height <= 0) return 0
  return (width * height) / Math.min(a.width * a.height, b.width * b.height)
}
