import {
  BufferAttribute,
  BufferGeometry,
  CircleGeometry,
  Color,
  DoubleSide,
  Group,
  Mesh,
  MeshBasicMaterial,
  ShaderMaterial,
  Vector3,
} from 'three'
import { afterglow } from '../backdrop.ts'
import { geometryOf, mergeMeshes } from '../gpu-geometry.ts'
import { boardOf, type GroundColors, groundLevelM, groundMesh } from '../kit/architecture-ground.ts'
import { contactShadeMesh, fenceMesh, fencePanelMesh, pavingMesh, pondRimMesh } from '../kit/architecture-outdoors.ts'
import { offsetPolygon, triangulate } from '../kit/architecture-polygon.ts'
import { rgb } from '../kit/mesh.ts'
import type { ScenePalette } from '../palette.ts'
import type { StageLayer } from '../stage-layer.ts'
import { GpuStore, type LayerContext, still } from './layer.ts'

function groundColors(palette: ScenePalette): GroundColors {
  return {
    plate: rgb(palette.plate),
    plateSide: rgb(palette.plateSide),
    lawn: rgb(palette.lawn),
    road: rgb(palette.road),
    marking: rgb(palette.marking),
    kerb: rgb(palette.kerb),
    pavement: rgb(palette.pavement),
    bay: rgb(palette.bay),
    steel: rgb(palette.steel),
  }
}

/** Board, ground, fences and water, and the table on which the model stands. */
export class GroundLayer implements StageLayer {
  readonly object = new Group()
  readonly #gpu = new GpuStore()

  constructor(context: LayerContext) {
    this.#addGround(context)
    this.#addWater(context)
    this.#addTable(context)
    for (const child of this.object.children) still(child)
  }

  #addGround({ index, palette, quality, models }: LayerContext): void {
    const colors = groundColors(palette)
    const { site } = index
    const fine = quality.detail === 'high'
    const material = models.ground
    const meshes = [groundMesh(site, colors), pavingMesh(site, colors, fine), pondRimMesh(site, colors)]
    const flat = new Mesh(this.#gpu.keep(geometryOf(mergeMeshes(meshes))), material)
    flat.receiveShadow = true
    const fence = new Mesh(this.#gpu.keep(geometryOf(fenceMesh(site, colors, fine ? 3 : 0))), material)
    fence.castShadow = fine
    const panels = new Mesh(
      this.#gpu.keep(geometryOf(fencePanelMesh(site, colors.steel))),
      this.#gpu.keep(flatMaterial('#8f979c', 0.2)),
    )
    panels.renderOrder = 2
    this.object.add(flat, fence, panels, this.#contactShade(site))
  }

  #contactShade(site: LayerContext['index']['site']): Mesh {
    const geometry = this.#gpu.keep(geometryOf(contactShadeMesh(site, 5)))
    const material = this.#gpu.keep(
      new ShaderMaterial({
        transparent: true,
        depthWrite: false,
        vertexColors: true,
        vertexShader:
          'varying float vA; void main() { vA = color.r; gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); }',
        fragmentShader: 'varying float vA; void main() { gl_FragColor = vec4(0.05, 0.06, 0.09, 0.42 * vA * vA); }',
      }),
    )
    const mesh = new Mesh(geometry, material)
    mesh.renderOrder = 1
    return mesh
  }

  #addWater({ index, palette, uniforms }: LayerContext): void {
    const ponds = index.site.ground.water.map((w) => offsetPolygon(w.polygon, -0.02))
    if (ponds.length === 0) return
    const positions: number[] = []
    const indices: number[] = []
    for (const pond of ponds) {
      const first = positions.length / 3
      for (const [x, y] of pond) positions.push(x, y, groundLevelM.water)
      indices.push(...triangulate(pond).map((i) => i + first))
    }
    const geometry = this.#gpu.keep(new BufferGeometry())
    geometry.setAttribute('position', new BufferAttribute(Float32Array.from(positions), 3))
    geometry.setIndex(indices)
    const material = this.#gpu.keep(
      new ShaderMaterial({
        uniforms: { ...uniforms, uWater: { value: new Color(palette.water) } },
        vertexShader: `varying vec3 vAway; varying vec2 vAt;
          void main() { vec4 w = modelMatrix * vec4(position, 1.0); vAt = position.xy; vAway = w.xyz - cameraPosition; gl_Position = projectionMatrix * viewMatrix * w; }`,
        fragmentShader: `uniform vec3 uWater; uniform vec3 uSky; uniform vec3 uKey; uniform vec3 uKeyColor; varying vec3 vAway; varying vec2 vAt;
          void main() {
            vec3 n = normalize(vec3(0.03 * sin(vAt.x * 1.9 + vAt.y * 0.7), 1.0, 0.03 * sin(vAt.y * 2.3 - vAt.x * 0.6)));
            vec3 away = normalize(vAway);
            vec3 mirrored = reflect(away, n);
            float fresnel = 0.12 + 0.8 * pow(1.0 - abs(dot(away, n)), 4.0);
            vec3 shown = mix(uWater * (uSky * 0.24 + uKeyColor * 0.12), uSky * 0.55, fresnel);
            shown += uKeyColor * pow(max(0.0, dot(mirrored, uKey)), 90.0) * 0.6;
            gl_FragColor = vec4(shown, 1.0);
            #include <colorspace_fragment>
          }`,
      }),
    )
    this.object.add(new Mesh(geometry, material))
  }

  /** The table on which the model stands, fading into the backdrop, with the model's own soft shade on it. */
  #addTable({ index, uniforms, quality }: LayerContext): void {
    const board = boardOf(index.site.ground)
    const half = new Vector3((board.east - board.west) / 2, (board.north - board.south) / 2, 0)
    const centre = new Vector3((board.east + board.west) / 2, (board.north + board.south) / 2, -2.4)
    const material = this.#gpu.keep(
      new ShaderMaterial({
        uniforms: { ...uniforms, uHalf: { value: half } },
        defines: quality.plain ? { PLAIN: '' } : {},
        side: DoubleSide,
        vertexShader:
          'varying vec2 vAt; varying vec2 vTo; void main() { vAt = position.xy; vTo = (modelMatrix * vec4(position, 1.0)).xz - cameraPosition.xz; gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); }',
        fragmentShader: `${afterglow} varying vec2 vTo; uniform vec3 uTable; uniform vec3 uBackdropLow; uniform vec3 uHalf; varying vec2 vAt;
          void main() {
            vec2 out2 = max(abs(vAt) - uHalf.xy, 0.0);
            float gap = length(out2);
            float reach = max(uHalf.x, uHalf.y);
            float shade = 1.0 - 0.5 * exp(-gap / 9.0);
            vec3 far = uBackdropLow;
            #ifndef PLAIN
              far = withAfterglow(far, vec3(vTo.x, 0.0, vTo.y));
            #endif
            vec3 shown = mix(uTable * shade, far, smoothstep(reach * 0.2, reach * 2.4, gap));
            gl_FragColor = vec4(shown, 1.0);
            #include <colorspace_fragment>
          }`,
      }),
    )
    const mesh = new Mesh(this.#gpu.keep(new CircleGeometry(Math.max(half.x, half.y) * 14, 64)), material)
    mesh.position.copy(centre)
    this.object.add(mesh)
  }

  dispose(): void {
    this.#gpu.dispose()
    this.object.clear()
    this.object.removeFromParent()
  }
}

function flatMaterial(color: string, opacity: number): MeshBasicMaterial {
  // Two passes for two sides would look the program up anew, twice in every frame.
  return new MeshBasicMaterial({
    color,
    transparent: true,
    opacity,
    depthWrite: false,
    side: DoubleSide,
    forceSinglePass: true,
  })
}
