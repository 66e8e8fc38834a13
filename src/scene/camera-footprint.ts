import { type Point2, pointInPolygon } from '../site/geometry.ts'
import { cameraModel, worldFromImage } from '../site/projection.ts'
import type { Camera, SiteFile } from '../site/schema.ts'
import { crossing } from './kit/architecture-polygon.ts'

/** One ray of a view cone on the ground: from where the picture's lower edge meets it to where sight ends. */
export interface FootprintRay {
  readonly near: Point2
  readonly far: Point2
  /** Share of the useful range that `far` reaches, 0…1; below 1 a wall stands in the way. */
  readonly reach: number
}

/** Beyond this a person is too small in the picture to be found. */
export const usefulRangeM = 38

/** What a camera sees of the ground: blocked by buildings, ended by the useful range. */
export function cameraFootprint(camera: Camera, site: SiteFile, columns = 28): FootprintRay[] {
  const model = cameraModel(camera)
  const eye: Point2 = [camera.at[0], camera.at[1]]
  const blocking = site.buildings.filter(
    (b) => b.facade.style !== 'open' && b.baseM < camera.at[2] && !pointInPolygon(eye[0], eye[1], b.footprint),
  )
  const rays: FootprintRay[] = []
  for (let i = 0; i <= columns; i++) {
    const x = (i / columns) * model.widthPx
    const near = worldFromImage(model, x, model.heightPx)
    if (!near) continue
    const [dx, dy] = [near.eastM - eye[0], near.northM - eye[1]]
    const nearM = Math.hypot(dx, dy)
    if (nearM >= usefulRangeM) continue
    const top = worldFromImage(model, x, 0)
    const topM = top ? Math.hypot(top.eastM - eye[0], top.northM - eye[1]) : usefulRangeM
    const wanted = Math.min(usefulRangeM, topM)
    const end: Point2 = [eye[0] + (dx / nearM) * wanted, eye[1] + (dy / nearM) * wanted]
    const farM = Math.max(
      nearM,
      wanted *
        firstWall(
          eye,
          end,
          blocking.map((b) => b.footprint),
        ),
    )
    rays.push({
      near: [near.eastM, near.northM],
      far: [eye[0] + (dx / nearM) * farM, eye[1] + (dy / nearM) * farM],
      reach: farM / usefulRangeM,
    })
  }
  return rays
}

function firstWall(from: Point2, to: Point2, rings: readonly (readonly Point2[])[]): number {
  let best = 1
  for (const ring of rings)
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const t = crossing(from, to, ring[j] as Point2, ring[i] as Point2)
      if (t !== undefined && t < best) best = t
    }
  return best
}
