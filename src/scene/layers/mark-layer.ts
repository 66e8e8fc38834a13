import { BufferAttribute, BufferGeometry, Color, DoubleSide, Group, Mesh, ShaderMaterial } from 'three'
import type { Incident } from '../../contract/decision.ts'
import type { Point2 } from '../../site/geometry.ts'
import type { Zone } from '../../site/schema.ts'
import { counterClockwise, triangulate } from '../kit/architecture-polygon.ts'
import type { RedrawReason } from '../redraw.ts'
import { type Attention, type Belief, noAttention, type StageLayer } from '../stage-layer.ts'
import { liftM } from '../storeys-apart.ts'
import { GpuStore, type LayerContext, still } from './layer.ts'

const pulseMs = 1600

interface MarkedZone {
  readonly zone: Zone
  readonly color: string
  /** 1 as the pulse begins … 0 when it is over; the mark itself stays. */
  readonly pulse: number
  /** How much higher than in truth its storey is drawn, metres. */
  readonly lift: number
}

/** Zones marked by incidents, selection or hover. An alarm pulses once and stays. */
export class MarkLayer implements StageLayer {
  readonly object = new Group()
  readonly #context: LayerContext
  #gpu = new GpuStore()
  #marks: { readonly material: ShaderMaterial; readonly key: string }[] = []
  #seen: readonly Incident[] | undefined
  #incidents: readonly Incident[] = []
  #bornAtMs = new Map<string, number>()
  #elapsedMs = 0
  #attention: Attention = noAttention

  constructor(context: LayerContext) {
    this.#context = context
  }

  /** Incidents that are not closed. */
  get open(): readonly Incident[] {
    return this.#incidents
  }

  sync({ state }: Belief): void {
    if (state.incidents === this.#seen) return
    this.#seen = state.incidents
    this.#incidents = state.incidents.filter((i) => i.state !== 'closed')
    const before = this.#bornAtMs
    this.#bornAtMs = new Map(state.incidents.map((i) => [i.id, before.get(i.id) ?? this.#elapsedMs]))
    this.#draw()
    this.#context.host.redraw('incidents')
  }

  attend(now: Attention, before: Attention): void {
    this.#attention = now
    if (now.apart !== before.apart || now.selected !== before.selected || now.hovered !== before.hovered) this.#draw()
  }

  frame(dtMs: number): RedrawReason | undefined {
    this.#elapsedMs += dtMs
    if (!this.#incidents.some((i) => this.#ageMs(i) < pulseMs + dtMs)) return undefined
    this.#draw()
    return 'pulse'
  }

  #ageMs(incident: Incident): number {
    return this.#elapsedMs - (this.#bornAtMs.get(incident.id) ?? 0)
  }

  /** Colour of a zone's mark: its worst open incident, else the accent where it is selected or hovered. */
  #draw(): void {
    const { index, palette } = this.#context
    const marked = new Map<string, MarkedZone>()
    for (const incident of this.#incidents) {
      const zone = incident.zone === undefined ? undefined : index.zoneOf.get(incident.zone)
      if (!zone || marked.has(zone.id)) continue
      const pulse = Math.max(0, 1 - this.#ageMs(incident) / pulseMs)
      marked.set(zone.id, { zone, color: palette[incident.priority], pulse, lift: this.#lift(zone) })
    }
    for (const [picked, strength] of [
      [this.#attention.selected, 0.25],
      [this.#attention.hovered, 0],
    ] as const) {
      const zone = picked?.kind === 'zone' ? index.zoneOf.get(picked.id) : undefined
      if (zone && !marked.has(zone.id))
        marked.set(zone.id, { zone, color: palette.accent, pulse: strength, lift: this.#lift(zone) })
    }
    this.#show([...marked.values()])
  }

  #lift(zone: Zone): number {
    const parts = this.#context.index.partsOf.get(zone.building ?? '')
    const storeyAt = parts?.building.storeys.findIndex((s) => s.id === zone.storey) ?? 0
    return liftM(this.#attention, zone.building, Math.max(0, storeyAt))
  }

  /** Replaces all marks. Same zones in the same order only move their pulse. */
  #show(marked: readonly MarkedZone[]): void {
    const same = marked.length === this.#marks.length && marked.every((m, i) => keyOf(m) === this.#marks[i]?.key)
    if (!same) this.#rebuild(marked)
    for (const [i, m] of marked.entries()) {
      const uniform = this.#marks[i]?.material.uniforms.uPulse
      if (uniform) uniform.value = m.pulse
    }
  }

  #rebuild(marked: readonly MarkedZone[]): void {
    this.#gpu.dispose()
    this.#gpu = new GpuStore()
    this.#marks = marked.map((m) => {
      const material = this.#gpu.keep(markMaterial(m.color))
      const mesh = this.#gpu.keep(new Mesh(this.#gpu.keep(markGeometry(m.zone)), material))
      mesh.renderOrder = 6
      mesh.position.z = m.lift
      this.object.add(still(mesh))
      return { material, key: keyOf(m) }
    })
  }

  dispose(): void {
    this.#gpu.dispose()
    this.object.removeFromParent()
  }
}

const keyOf = ({ zone, color, lift }: MarkedZone) => `${zone.id}${color}${lift}`

/** Floor of a zone and a low curtain of light round it; `edge` is height 0…1 on the curtain, −1 on the floor. */
function markGeometry(zone: Zone): BufferGeometry {
  const ring = counterClockwise(zone.polygon)
  const floor = zone.floorM + 0.26
  const high = Math.min(2.6, zone.heightM)
  const positions: number[] = []
  const edge: number[] = []
  const indices: number[] = triangulate(ring)
  for (const [x, y] of ring) {
    positions.push(x, y, floor)
    edge.push(-1)
  }
  for (const [i, a] of ring.entries()) {
    const b = ring[(i + 1) % ring.length] as Point2
    const at = edge.length
    positions.push(...a, floor, ...b, floor, ...b, floor + high, ...a, floor + high)
    edge.push(0, 0, 1, 1)
    indices.push(at, at + 1, at + 2, at, at + 2, at + 3)
  }
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(Float32Array.from(positions), 3))
  geometry.setAttribute('edge', new BufferAttribute(Float32Array.from(edge), 1))
  geometry.setIndex(indices)
  return geometry
}

function markMaterial(color: string): ShaderMaterial {
  return new ShaderMaterial({
    transparent: true,
    depthWrite: false,
    side: DoubleSide,
    uniforms: { uColor: { value: new Color(color) }, uPulse: { value: 0 } },
    vertexShader: `attribute float edge; varying float vEdge; varying vec2 vAt;
      void main() { vEdge = edge; vAt = position.xy; gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); }`,
    fragmentShader: `uniform vec3 uColor; uniform float uPulse; varying float vEdge; varying vec2 vAt;
      void main() {
        float stripes = smoothstep(0.42, 0.5, abs(fract((vAt.x + vAt.y) * 0.35) - 0.5));
        float floorA = 0.16 + 0.12 * stripes + 0.3 * uPulse;
        float curtain = pow(1.0 - max(0.0, vEdge), 2.2) * (0.5 + 0.5 * uPulse) + smoothstep(0.985, 1.0, 1.0 - vEdge) * 0.5;
        gl_FragColor = vec4(uColor, vEdge < -0.5 ? floorA : curtain);
        #include <colorspace_fragment>
      }`,
  })
}
