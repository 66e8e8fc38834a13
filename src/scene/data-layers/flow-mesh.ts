import {
  BufferAttribute,
  Color,
  GreaterDepth,
  Group,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  Mesh,
  ShaderMaterial,
  Sphere,
  Vector2,
  Vector3,
  type WebGLRenderer,
} from 'three'
import { Disposables } from '../../platform/disposables.ts'
import type { SitePoint } from '../frames.ts'
import { type Feeder, feederWidthPx, idleKw } from './flow-graph.ts'

const writeAboveKw = 0.15

export interface FlowColors {
  readonly load: string
  readonly solar: string
  readonly battery: string
  readonly grid: string
  readonly idle: string
}

/** All feeders in two draws: what is seen, and fainter what stands behind something. Chevrons point where power goes. */
export class FlowMesh {
  readonly object = new Group()
  readonly feeders: readonly Feeder[]
  readonly #gpu = new Disposables()
  readonly #flow: InstancedBufferAttribute
  readonly #firstSegment: number[] = []
  readonly #shown: Float64Array
  readonly #uniforms = {
    uBuffer: { value: new Vector2(1, 1) },
    uRatio: { value: 1 },
    uShiftM: { value: 0 },
    uIdle: { value: new Color() },
  }
  #seen = false
  #running = 0

  constructor(
    feeders: readonly Feeder[],
    colors: FlowColors,
    kindOf: (feeder: Feeder) => Exclude<keyof FlowColors, 'idle'>,
  ) {
    this.feeders = feeders
    this.#shown = new Float64Array(feeders.length).fill(Number.POSITIVE_INFINITY)
    this.#uniforms.uIdle.value = new Color(colors.idle)
    const segments = feeders.reduce((sum, f) => sum + f.path.length - 1, 0)
    const geometry = new InstancedBufferGeometry()
    geometry.setAttribute('position', new BufferAttribute(Float32Array.from([0, -1, 0, 1, -1, 0, 1, 1, 0, 0, 1, 0]), 3))
    geometry.setIndex([0, 1, 2, 0, 2, 3])
    const [from, to, tint] = [
      new Float32Array(segments * 3),
      new Float32Array(segments * 3),
      new Float32Array(segments * 3),
    ]
    const along = new Float32Array(segments)
    let at = 0
    for (const feeder of feeders) {
      this.#firstSegment.push(at)
      const color = new Color(colors[kindOf(feeder)])
      let lengthM = 0
      for (let i = 1; i < feeder.path.length; i++) {
        const [a, b] = [feeder.path[i - 1] as SitePoint, feeder.path[i] as SitePoint]
        from.set(a, at * 3)
        to.set(b, at * 3)
        tint.set(color.toArray(), at * 3)
        along[at++] = lengthM
        lengthM += Math.hypot(b[0] - a[0], b[1] - a[1], b[2] - a[2])
      }
    }
    this.#firstSegment.push(at)
    this.#flow = new InstancedBufferAttribute(new Float32Array(segments * 2), 2)
    geometry.setAttribute('from', new InstancedBufferAttribute(from, 3))
    geometry.setAttribute('to', new InstancedBufferAttribute(to, 3))
    geometry.setAttribute('tint', new InstancedBufferAttribute(tint, 3))
    geometry.setAttribute('along', new InstancedBufferAttribute(along, 1))
    geometry.setAttribute('flow', this.#flow)
    geometry.instanceCount = segments
    geometry.boundingSphere = around(feeders)
    this.#gpu.add(() => geometry.dispose())
    this.#add(geometry, false)
    this.#add(geometry, true)
  }

  #add(geometry: InstancedBufferGeometry, behind: boolean): void {
    const material = flowMaterial(this.#uniforms, behind)
    const mesh = new Mesh(geometry, material)
    mesh.renderOrder = behind ? 4 : 5
    // Called only where the feeders are in view: what is not seen need not move.
    mesh.onBeforeRender = (renderer: WebGLRenderer) => {
      this.#seen = true
      renderer.getDrawingBufferSize(this.#uniforms.uBuffer.value)
      this.#uniforms.uRatio.value = renderer.getPixelRatio()
    }
    this.#gpu.add(() => material.dispose())
    this.object.add(mesh)
  }

  /** Power of each feeder along its path, kW; only what changed is written. True where something was. */
  write(kwOf: (feeder: Feeder) => number): boolean {
    let changed = false
    this.#running = 0
    for (const [i, feeder] of this.feeders.entries()) {
      const kw = kwOf(feeder)
      if (Math.abs(kw) >= idleKw) this.#running++
      const last = this.#shown[i] as number
      if (Object.is(kw, last) || Math.abs(kw - last) < Math.max(writeAboveKw, Math.abs(kw) * 0.03)) continue
      this.#shown[i] = kw
      changed = true
      const [first, end] = [this.#firstSegment[i] as number, this.#firstSegment[i + 1] as number]
      const known = Number.isFinite(kw)
      const direction = !known || Math.abs(kw) < idleKw ? 0 : Math.sign(kw)
      for (let at = first; at < end; at++) this.#flow.setXY(at, known ? feederWidthPx(kw) : 1.2, direction)
      this.#flow.addUpdateRange(first * 2, (end - first) * 2)
      this.#flow.needsUpdate = true
    }
    return changed
  }

  /** Moves the chevrons on; true where they were in view and something flows. */
  advance(dtMs: number): boolean {
    if (!this.#seen || this.#running === 0) return false
    this.#seen = false
    this.#uniforms.uShiftM.value = (this.#uniforms.uShiftM.value + dtMs * 0.011) % 1024
    return true
  }

  dispose(): void {
    this.object.removeFromParent()
    this.#gpu.dispose()
  }
}

function around(feeders: readonly Feeder[]): Sphere {
  const sphere = new Sphere()
  const points = feeders.flatMap((f) => f.path.map((p) => new Vector3(...p)))
  return points.length === 0 ? sphere : sphere.setFromPoints(points)
}

function flowMaterial(uniforms: Record<string, { value: unknown }>, behind: boolean): ShaderMaterial {
  return new ShaderMaterial({
    transparent: true,
    depthWrite: false,
    ...(behind ? { depthFunc: GreaterDepth } : {}),
    uniforms,
    defines: behind ? { BEHIND: '' } : {},
    vertexShader: `attribute vec3 from; attribute vec3 to; attribute vec3 tint; attribute vec2 flow; attribute float along;
      uniform vec2 uBuffer; uniform float uRatio;
      varying float vAlong; varying vec3 vTint; varying float vDirection; varying vec2 vPx; varying float vLengthPx; varying float vHalf;
      void main() {
        vec4 a = projectionMatrix * modelViewMatrix * vec4(from, 1.0);
        vec4 b = projectionMatrix * modelViewMatrix * vec4(to, 1.0);
        float near = 0.05;
        if (a.w < near) a = mix(a, b, (near - a.w) / max(1e-5, b.w - a.w));
        if (b.w < near) b = mix(b, a, (near - b.w) / max(1e-5, a.w - b.w));
        vec2 pa = a.xy / a.w * uBuffer * 0.5;
        vec2 pb = b.xy / b.w * uBuffer * 0.5;
        vec2 d = pb - pa;
        float lengthPx = max(1e-3, length(d));
        d /= lengthPx;
        float halfPx = flow.x * 0.5 * uRatio;
        float reach = halfPx + 1.0;
        float end = position.x;
        vec4 p = end < 0.5 ? a : b;
        vec2 shift = d * (end * 2.0 - 1.0) * reach + vec2(-d.y, d.x) * position.y * reach;
        p.xy += shift / (uBuffer * 0.5) * p.w;
        vPx = vec2(end < 0.5 ? -reach : lengthPx + reach, position.y * reach);
        vLengthPx = lengthPx; vHalf = halfPx;
        float lengthM = length(to - from);
        vAlong = along + lengthM * (end + (end * 2.0 - 1.0) * reach / lengthPx);
        vTint = tint; vDirection = flow.y;
        gl_Position = p;
      }`,
    fragmentShader: `uniform float uShiftM; uniform vec3 uIdle;
      varying float vAlong; varying vec3 vTint; varying float vDirection; varying vec2 vPx; varying float vLengthPx; varying float vHalf;
      void main() {
        float beyond = max(max(-vPx.x, vPx.x - vLengthPx), 0.0);
        float edge = length(vec2(beyond, vPx.y)) - vHalf;
        float solid = 1.0 - smoothstep(-0.7, 0.7, edge);
        if (solid < 0.01) discard;
        vec3 shown = vDirection == 0.0 ? uIdle : vTint;
        if (vDirection != 0.0) {
          float perPx = max(1e-4, fwidth(vAlong));
          float periodM = max(5.0, exp2(ceil(log2(perPx * 26.0))));
          float skew = abs(vPx.y) * perPx * 0.9;
          float phase = fract((vAlong * vDirection + skew - uShiftM) / periodM);
          float chevron = smoothstep(0.52, 0.60, phase) * (1.0 - smoothstep(0.88, 0.96, phase));
          shown = mix(shown * 0.62, mix(shown, vec3(1.0), 0.55), chevron);
        }
        #ifdef BEHIND
          solid *= 0.28;
        #endif
        gl_FragColor = vec4(shown, solid * (vDirection == 0.0 ? 0.55 : 0.95));
        #include <colorspace_fragment>
      }`,
  })
}
