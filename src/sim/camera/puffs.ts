import type { Puff } from '../../scene/kit/fire.ts'
import type { Vec3 } from '../../scene/kit/mesh.ts'
import { imageFromWorld } from '../../site/projection.ts'
import type { ActorLayer } from './actor-layer.ts'
import { infraredFalloff, type Light } from './lighting.ts'
import type { View } from './raster.ts'
import type { LitView } from './shade-static.ts'
import { toneOf } from './tone.ts'

/**
 * Blends soft discs over the picture, farthest first, hidden where something solid is nearer.
 */
export function drawPuffs(
  view: View,
  layer: ActorLayer,
  lit: LitView,
  light: Light,
  seat: Vec3,
  puffs: readonly Puff[],
  out: Uint8ClampedArray,
): void {
  const placed = puffs
    .map((puff) => ({
      puff,
      seen: imageFromWorld(view.model, seat[0] + puff.at[0], seat[1] + puff.at[1], seat[2] + puff.at[2]),
    }))
    .sort((a, b) => (b.seen?.depthM ?? 0) - (a.seen?.depthM ?? 0))
  for (const { puff, seen } of placed) {
    if (!seen || seen.depthM < 0.5) continue
    const radius = (puff.radiusM * view.model.focalPx) / seen.depthM
    if (radius < 0.3) continue
    const tone = puffTone(puff, light, lit, seen.depthM)
    disc(view, layer, seen.x, seen.y, radius, 1 / (seen.depthM - puff.radiusM * 0.4), tone, puff, out)
  }
}

function puffTone(puff: Puff, light: Light, lit: LitView, depthM: number): readonly [number, number, number] {
  if (puff.glows) {
    const scale = lit.exposure.mono ? 250 : 255
    const [r, g, b] = puff.color
    const bright = (c: number) => Math.min(255, scale * c ** 0.6)
    return lit.exposure.mono ? [bright(r), bright(r), bright(r)] : [bright(r), bright(g), bright(b)]
  }
  // Droplets scatter the infrared lamp straight back into the lens.
  const near = lit.exposure.infrared ? 2.2 * infraredFalloff(depthM, 1) : light.dark ? 0.004 : 0
  const value = (c: number, sky: number, sun: number) => toneOf(c * (sky * 1.2 + sun * 0.5 + near) * lit.exposure.gain)
  const g = value(puff.color[1], light.sky[1], light.sun[1])
  if (lit.exposure.mono) return [g, g, g]
  return [value(puff.color[0], light.sky[0], light.sun[0]), g, value(puff.color[2], light.sky[2], light.sun[2])]
}

function disc(
  view: View,
  layer: ActorLayer,
  cx: number,
  cy: number,
  radius: number,
  inverse: number,
  tone: readonly [number, number, number],
  puff: Puff,
  out: Uint8ClampedArray,
): void {
  const { widthPx, heightPx } = view.model
  const [x0, x1] = [Math.max(0, Math.floor(cx - radius)), Math.min(widthPx - 1, Math.ceil(cx + radius))]
  const [y0, y1] = [Math.max(0, Math.floor(cy - radius)), Math.min(heightPx - 1, Math.ceil(cy + radius))]
  for (let y = y0; y <= y1; y++) {
    for (let x = x0; x <= x1; x++) {
      const r2 = ((x + 0.5 - cx) ** 2 + (y + 0.5 - cy) ** 2) / (radius * radius)
      if (r2 >= 1 || layer.inverseAt(x, y) > inverse) continue
      const alpha = puff.opacity * (1 - r2) * (puff.glows ? 1 : 1 - 0.5 * r2)
      const i = (y * widthPx + x) * 4
      for (let c = 0; c < 3; c++) {
        const under = out[i + c] as number
        out[i + c] = under + (Math.max(puff.glows ? under : 0, tone[c] as number) - under) * alpha
      }
    }
  }
}
