import {
  BufferAttribute,
  BufferGeometry,
  CircleGeometry,
  Color,
  DoubleSide,
  ShaderMaterial,
  SphereGeometry,
  Vector4,
} from 'three'
import type { Board } from './kit/architecture-ground.ts'
import type { SharedUniforms } from './materials.ts'

/** What a vertex of the surroundings belongs to. */
export const surroundingKind = { sky: 0, table: 1, water: 2 } as const
const tableM = -2.4

export interface SurroundingsLook {
  readonly board: Board
  /** Colour of ponds. */
  readonly water: string
  /** Without what costs a software rasteriser much. */
  readonly plain: boolean
}

/** Sky, table and water: one material, since what all three do is to show the sky or to fade into it. */
export function surroundingsMaterial(
  uniforms: SharedUniforms,
  { board, water, plain }: SurroundingsLook,
): ShaderMaterial {
  const [width, height] = [board.east - board.west, board.north - board.south]
  const middle = [(board.east + board.west) / 2, (board.north + board.south) / 2] as const
  return new ShaderMaterial({
    uniforms: {
      ...uniforms,
      uWater: { value: new Color(water) },
      uBoard: { value: new Vector4(...middle, width / 2, height / 2) },
    },
    defines: plain ? { PLAIN: '' } : {},
    side: DoubleSide,
    vertexShader: /* glsl */ `
      attribute float kind; varying vec3 vAway; varying float vKind;
      void main() {
        vKind = kind;
        vec4 world = modelMatrix * vec4(position, 1.0);
        vAway = kind < 0.5 ? position : world.xyz - cameraPosition;
        gl_Position = projectionMatrix * viewMatrix * (kind < 0.5 ? vec4(position * 100.0 + cameraPosition, 1.0) : world);
        // The sky is behind everything, however far that reaches.
        if (kind < 0.5) gl_Position.z = gl_Position.w;
      }`,
    fragmentShader: /* glsl */ `
      uniform vec3 uBackdropTop; uniform vec3 uBackdropLow; uniform vec3 uKey; uniform vec3 uKeyColor; uniform float uNight;
      uniform vec3 uTable; uniform vec4 uBoard; uniform vec3 uWater; uniform vec3 uSky; uniform vec3 uGlow; uniform vec3 uGlowAt;
      varying vec3 vAway; varying float vKind;
      /* The sky towards a point with what the sun has left above the horizon: most where it has set. */
      vec3 withAfterglow(vec3 sky, vec3 to) {
        #ifdef PLAIN
          return sky;
        #else
          float towards = 0.5 + 0.5 * dot(to.xz / max(1e-4, length(to.xz)), uGlowAt.xy);
          return mix(sky, uGlow, uGlowAt.z * (0.08 + 0.92 * towards * towards * towards) * exp(-8.0 * max(0.0, to.y)));
        #endif
      }
      vec3 skyTo(vec3 to) {
        vec3 shown = withAfterglow(mix(uBackdropLow, uBackdropTop, smoothstep(0.0, 0.55, to.y)), to);
        return shown + uKeyColor * 0.03 * pow(max(0.0, dot(to, uKey)), 6.0) * (1.0 - uNight);
      }
      /* Fading into the backdrop, with the model's own soft shade on it. */
      vec3 tableAt(vec2 at) {
        float gap = length(max(abs(at - uBoard.xy) - uBoard.zw, 0.0));
        float reach = max(uBoard.z, uBoard.w);
        float shade = 1.0 - 0.5 * exp(-gap / 9.0);
        vec3 far = withAfterglow(uBackdropLow, vec3(vAway.x, 0.0, vAway.z));
        return mix(uTable * shade, far, smoothstep(reach * 0.2, reach * 2.4, gap));
      }
      vec3 waterAt(vec2 at) {
        vec3 n = normalize(vec3(0.03 * sin(at.x * 1.9 + at.y * 0.7), 1.0, 0.03 * sin(at.y * 2.3 - at.x * 0.6)));
        vec3 away = normalize(vAway);
        vec3 mirrored = reflect(away, n);
        float fresnel = 0.12 + 0.8 * pow(1.0 - abs(dot(away, n)), 4.0);
        vec3 shown = mix(uWater * (uSky * 0.24 + uKeyColor * 0.12), uSky * 0.55, fresnel);
        return shown + uKeyColor * pow(max(0.0, dot(mirrored, uKey)), 90.0) * 0.6;
      }
      void main() {
        vec2 at = vec2(vAway.x + cameraPosition.x, -vAway.z - cameraPosition.z);
        gl_FragColor = vec4(vKind < 0.5 ? skyTo(normalize(vAway)) : vKind < 1.5 ? tableAt(at) : waterAt(at), 1.0);
        #include <colorspace_fragment>
      }`,
  })
}

/** Sky all round and the table below, in three's frame, as one geometry. */
export function skyAndTable({ west, east, south, north }: Board): BufferGeometry {
  const sky = new SphereGeometry(1, 32, 16)
  const table = new CircleGeometry(Math.max(east - west, north - south) * 7, 64)
  table.rotateX(-Math.PI / 2).translate((east + west) / 2, tableM, -(north + south) / 2)
  const [above, below] = [sky, table].map((part) => part.getAttribute('position').array)
  const skyCount = sky.getAttribute('position').count
  const merged = withKinds(Float32Array.from([...(above ?? []), ...(below ?? [])]), (i) =>
    i < skyCount ? surroundingKind.sky : surroundingKind.table,
  )
  merged.setIndex([...(sky.index?.array ?? []), ...Array.from(table.index?.array ?? [], (i) => i + skyCount)])
  return merged
}

export function withKinds(positions: Float32Array, kindOf: (vertex: number) => number): BufferGeometry {
  const kinds = Float32Array.from({ length: positions.length / 3 }, (_, i) => kindOf(i))
  return new BufferGeometry()
    .setAttribute('position', new BufferAttribute(positions, 3))
    .setAttribute('kind', new BufferAttribute(kinds, 1))
}
