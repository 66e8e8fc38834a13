import type { Incident } from '../../contract/decision.ts'
import { centroid, type Point2 } from '../../site/geometry.ts'
import type { SiteFile } from '../../site/schema.ts'

/** Where the site lies on the little canvas: north up, everything in view. */
export interface MapFit {
  readonly scale: number
  readonly westM: number
  readonly northM: number
  readonly padX: number
  readonly padY: number
}

export interface MapColors {
  readonly ground: string
  readonly road: string
  readonly green: string
  readonly water: string
  readonly building: string
  readonly line: string
  readonly accent: string
  readonly priority: Readonly<Record<Incident['priority'], string>>
}

export function fitMap(site: SiteFile, widthPx: number, heightPx: number, marginPx = 5): MapFit {
  const xs = site.ground.boundary.map((p) => p[0])
  const ys = site.ground.boundary.map((p) => p[1])
  const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const scale = Math.min((widthPx - 2 * marginPx) / (east - west), (heightPx - 2 * marginPx) / (north - south))
  return {
    scale,
    westM: west,
    northM: north,
    padX: (widthPx - (east - west) * scale) / 2,
    padY: (heightPx - (north - south) * scale) / 2,
  }
}

export function onMap(fit: MapFit, [x, y]: Point2): Point2 {
  return [fit.padX + (x - fit.westM) * fit.scale, fit.padY + (fit.northM - y) * fit.scale]
}

export function fromMap(fit: MapFit, [x, y]: Point2): Point2 {
  return [fit.westM + (x - fit.padX) / fit.scale, fit.northM - (y - fit.padY) / fit.scale]
}

export function trace(context: CanvasRenderingContext2D, fit: MapFit, line: readonly Point2[], close = true): void {
  context.beginPath()
  for (const [i, point] of line.entries()) {
    const [x, y] = onMap(fit, point)
    if (i === 0) context.moveTo(x, y)
    else context.lineTo(x, y)
  }
  if (close) context.closePath()
}

/** What stands still. */
export function drawGround(context: CanvasRenderingContext2D, fit: MapFit, site: SiteFile, colors: MapColors): void {
  const fill = (polygon: readonly Point2[], color: string) => {
    trace(context, fit, polygon)
    context.fillStyle = color
    context.fill()
  }
  fill(site.ground.boundary, colors.ground)
  for (const { polygon } of site.ground.lawns) fill(polygon, colors.green)
  for (const { polygon } of site.ground.water) fill(polygon, colors.water)
  context.save()
  trace(context, fit, site.ground.boundary)
  context.clip()
  context.strokeStyle = colors.road
  for (const road of site.ground.roads) {
    trace(context, fit, road.centreline, false)
    context.lineWidth = Math.max(1, road.widthM * fit.scale)
    context.stroke()
  }
  context.restore()
  for (const { footprint } of site.buildings) fill(footprint, colors.building)
  trace(context, fit, site.ground.boundary)
  context.strokeStyle = colors.line
  context.lineWidth = 1
  context.stroke()
}

/** What is looked at: the ground in view. */
export function drawView(
  context: CanvasRenderingContext2D,
  fit: MapFit,
  quad: readonly Point2[],
  accent: string,
): void {
  trace(context, fit, quad)
  context.fillStyle = accent
  context.globalAlpha = 0.1
  context.fill()
  context.globalAlpha = 0.9
  context.strokeStyle = accent
  context.lineWidth = 1.25
  context.stroke()
  context.globalAlpha = 1
}

/** Alarms in the shapes of the lists: octagon, triangle, diamond, circle. */
export function drawAlarms(
  context: CanvasRenderingContext2D,
  fit: MapFit,
  site: SiteFile,
  incidents: readonly Incident[],
  colors: MapColors,
): void {
  for (const incident of incidents) {
    const at = placeOf(site, incident)
    if (incident.state === 'closed' || !at) continue
    const [x, y] = onMap(fit, at)
    priorityPath(context, incident.priority, x, y, 5)
    context.fillStyle = colors.priority[incident.priority]
    context.strokeStyle = colors.ground
    context.lineWidth = 1.5
    context.stroke()
    context.fill()
  }
}

function placeOf(site: SiteFile, incident: Incident): Point2 | undefined {
  const zone = site.zones.find((z) => z.id === incident.zone)
  if (zone) return centroid(zone.polygon)
  const thing =
    site.equipment.find((e) => e.id === incident.subject) ?? site.cameras.find((c) => c.id === incident.subject)
  return thing && [thing.at[0], thing.at[1]]
}

function priorityPath(
  context: CanvasRenderingContext2D,
  priority: Incident['priority'],
  x: number,
  y: number,
  r: number,
): void {
  const corners = { critical: 8, high: 3, medium: 4, low: 24 }[priority]
  const first = priority === 'critical' ? Math.PI / 8 : -Math.PI / 2
  context.beginPath()
  for (let i = 0; i < corners; i++) {
    const angle = first + (i * 2 * Math.PI) / corners
    context.lineTo(x + Math.cos(angle) * r, y + Math.sin(angle) * r)
  }
  context.closePath()
}
