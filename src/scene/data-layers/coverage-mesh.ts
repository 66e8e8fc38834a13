import { Color, type DataTexture, DoubleSide, Mesh, NearestFilter, ShaderMaterial } from 'three'
import type { SiteFile } from '../../site/schema.ts'
import { addCamera, type CoverageRaster, coveredShare, emptyRaster } from './coverage.ts'
import { bytesTexture } from './data-texture.ts'
import { sheet } from './field-mesh.ts'

/** So many cameras are reckoned in one go: a few milliseconds. */
const camerasPerSlice = 3

/** Ground that cameras see, deeper where several do; what none sees is hatched. Reckoned in slices. */
export class CoverageMesh {
  readonly mesh: Mesh
  readonly #site: SiteFile
  readonly #raster: CoverageRaster
  readonly #texture: DataTexture
  #done = 0
  #share = 0

  constructor(site: SiteFile, heightM: number, covered: string, blind: string) {
    this.#site = site
    this.#raster = emptyRaster(site)
    const { columns, rows, seen } = this.#raster
    this.#texture = bytesTexture(columns, rows, seen, 1)
    this.#texture.magFilter = NearestFilter
    this.#texture.minFilter = NearestFilter
    this.mesh = new Mesh(sheet(this.#raster, heightM), coverageMaterial(this.#texture, covered, blind, [columns, rows]))
    this.mesh.renderOrder = 2
  }

  get progress(): { readonly done: number; readonly cameras: number; readonly share: number } {
    return { done: this.#done, cameras: this.#site.cameras.length, share: this.#share }
  }

  /** Works on; true where there was something to do. */
  slice(): boolean {
    const { cameras } = this.#site
    if (this.#done >= cameras.length) return false
    for (const camera of cameras.slice(this.#done, this.#done + camerasPerSlice))
      addCamera(this.#raster, camera, this.#site)
    this.#done = Math.min(cameras.length, this.#done + camerasPerSlice)
    this.#share = coveredShare(this.#raster)
    this.#texture.needsUpdate = true
    return true
  }

  dispose(): void {
    this.mesh.removeFromParent()
    this.mesh.geometry.dispose()
    for (const material of [this.mesh.material].flat()) material.dispose()
    this.#texture.dispose()
  }
}

function coverageMaterial(
  seen: DataTexture,
  covered: string,
  blind: string,
  cells: readonly [number, number],
): ShaderMaterial {
  return new ShaderMaterial({
    transparent: true,
    depthWrite: false,
    side: DoubleSide,
    polygonOffset: true,
    polygonOffsetFactor: -1,
    polygonOffsetUnits: -1,
    uniforms: {
      uSeen: { value: seen },
      uCovered: { value: new Color(covered) },
      uBlind: { value: new Color(blind) },
      uCells: { value: cells },
    },
    vertexShader: `varying vec2 vUv; varying vec2 vAt;
      void main() { vUv = uv; vAt = position.xy; gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); }`,
    fragmentShader: `uniform sampler2D uSeen; uniform vec3 uCovered; uniform vec3 uBlind; uniform vec2 uCells; varying vec2 vUv; varying vec2 vAt;
      // Smooth edges from counts that must not be mixed: 255 is no ground at all.
      vec2 at(vec2 cell) { float n = texture2D(uSeen, (cell + 0.5) / uCells).r * 255.0; return n > 254.5 ? vec2(0.0) : vec2(min(n, 3.0), 1.0); }
      void main() {
        vec2 g = vUv * uCells - 0.5;
        vec2 c = floor(g); vec2 f = g - c;
        vec2 m = mix(mix(at(c), at(c + vec2(1, 0)), f.x), mix(at(c + vec2(0, 1)), at(c + vec2(1, 1)), f.x), f.y);
        if (m.y < 0.5) discard;
        float n = m.x / m.y;
        float inside = smoothstep(0.35, 0.65, n);
        float rim = smoothstep(0.25, 0.5, n) * (1.0 - smoothstep(0.5, 0.75, n));
        float w = fwidth(vAt.x + vAt.y);
        float hatch = smoothstep(0.62 - w * 0.2, 0.62 + w * 0.2, abs(fract((vAt.x + vAt.y) * 0.3) - 0.5) * 2.0);
        hatch = mix(hatch, 0.38, smoothstep(0.6, 2.4, w));
        vec4 blind = vec4(uBlind, 0.07 + 0.30 * hatch);
        vec4 seen = vec4(uCovered, 0.34 + 0.14 * min(2.0, n - 0.5));
        gl_FragColor = mix(blind, seen, inside);
        gl_FragColor = mix(gl_FragColor, vec4(uCovered, 0.9), rim * 0.8);
        #include <colorspace_fragment>
      }`,
  })
}
