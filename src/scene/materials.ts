import {
  Color,
  DataTexture,
  DoubleSide,
  FloatType,
  type IUniform,
  type Material,
  MeshDepthMaterial,
  MeshLambertMaterial,
  NearestFilter,
  RGBADepthPacking,
  RGBAFormat,
  ShaderMaterial,
  type Texture,
  Vector2,
  Vector3,
  Vector4,
} from 'three'
import { rampTexture } from './data-layers/data-texture.ts'
import type { Daylight } from './daylight.ts'
import { threeFromSite } from './frames.ts'
import { lampFragment, lampVertex } from './lamp-light.ts'
import { mostApart } from './storeys-apart.ts'

export const zoneTableWidth = 256

/** One row of light, occupancy, heat and flags for each zone slot; glass reads it on the GPU. */
export function zoneTable(slots: number): DataTexture {
  const rows = Math.max(1, Math.ceil(slots / zoneTableWidth))
  const texture = new DataTexture(
    new Float32Array(zoneTableWidth * rows * 4),
    zoneTableWidth,
    rows,
    RGBAFormat,
    FloatType,
  )
  texture.minFilter = NearestFilter
  texture.magFilter = NearestFilter
  texture.needsUpdate = true
  return texture
}

/** Uniforms that all materials of one stage share by reference. */
export function sharedUniforms(table: DataTexture) {
  return {
    /** First and last hidden part, the part that is cut open, and the height of the cut. */
    uCut: { value: new Vector4(1, 0, -1, 0) },
    /** Selected and hovered parts, first and last of each. */
    uMarked: { value: new Vector4(1, 0, 1, 0) },
    /** First and last part drawn apart, the gap between them, and how high above their floors they are cut. */
    uApart: { value: new Vector4(1, 0, 0, 0) },
    /** Floors of those parts. */
    uFloors: { value: new Float32Array(mostApart) },
    /** First and last part of the building that stands alone. */
    uAlone: { value: new Vector2(1, 0) },
    uAccent: { value: new Color() },
    uZones: { value: table },
    uZoneRows: { value: table.image.height },
    /** Colours of the chosen layer's scale. */
    uRamp: { value: rampTexture('thermal') },
    uNight: { value: 0 },
    /** Light of the lamps on the board, and where the board lies in it; see lamp-light.ts. */
    uLamps: { value: null as Texture | null },
    uLampFrame: { value: new Vector4(0, 0, 1, 1) },
    /** 0 dry … 1 wet ground. */
    uWet: { value: 0 },
    uHeat: { value: 0 },
    uKey: { value: new Vector3(0, 1, 0) },
    uKeyColor: { value: new Color() },
    uSky: { value: new Color() },
    uBounce: { value: new Color() },
    uBackdropTop: { value: new Color() },
    uBackdropLow: { value: new Color() },
    /** Colour of the sky where the sun has set; where that is on the horizon, and how much of it there is. */
    uGlow: { value: new Color() },
    uGlowAt: { value: new Vector3(0, 1, 0) },
    uTable: { value: new Color() },
  } satisfies Record<string, IUniform>
}
export type SharedUniforms = ReturnType<typeof sharedUniforms>

export function applyDaylight(uniforms: SharedUniforms, light: Daylight): void {
  uniforms.uNight.value = light.night
  threeFromSite(light.key[0], light.key[1], light.key[2], uniforms.uKey.value)
  uniforms.uKeyColor.value.setRGB(...light.keyColor).multiplyScalar(light.keyGain)
  uniforms.uSky.value.setRGB(...light.sky).multiplyScalar(light.ambientGain)
  uniforms.uBounce.value.setRGB(...light.bounce).multiplyScalar(light.ambientGain)
  uniforms.uBackdropTop.value.setRGB(...light.backdropTop)
  uniforms.uBackdropLow.value.setRGB(...light.backdropLow)
  uniforms.uTable.value.setRGB(...light.table)
  uniforms.uGlow.value.setRGB(...light.glow)
  const flat = Math.hypot(light.sun[0], light.sun[1]) || 1
  uniforms.uGlowAt.value.set(light.sun[0] / flat, -light.sun[1] / flat, light.glowShare)
}

/** The `part` of all that lies open to the rain: it grows dark and glossy. Parts of buildings are numbered upwards. */
export const groundPart = -3

export const partHead = /* glsl */ `
  attribute float part;
  uniform vec4 uCut;
  uniform vec4 uMarked;
  uniform vec4 uApart;
  uniform float uFloors[${mostApart}];
  uniform vec2 uAlone;
  varying float vMarked;
`
export const partCut = /* glsl */ `
  if (part >= uCut.x && part <= uCut.y) transformed = vec3(0.0, 0.0, -60.0);
  if (abs(part - uCut.z) < 0.5) transformed.z = min(transformed.z, uCut.w);
  if (part >= uApart.x && part <= uApart.y) {
    int level = int(part - uApart.x + 0.5);
    transformed.z = min(transformed.z, uFloors[level] + uApart.w) + float(level) * uApart.z;
  }
  // Of the others only the slab of the ground floor stays above the ground: their footprint.
  if (uAlone.x <= uAlone.y && part > 0.5 && (part < uAlone.x || part > uAlone.y) && transformed.z > 0.3) transformed.z = -60.0;
  vMarked = part >= uMarked.x && part <= uMarked.y ? 1.0 : (part >= uMarked.z && part <= uMarked.w ? 0.55 : 0.0);
`
/** How wet a vertex is, 0…1. */
const wetness = `part < ${(groundPart + 0.5).toFixed(1)} ? uWet : 0.0`
const partTint = /* glsl */ `
  diffuseColor.rgb = mix(diffuseColor.rgb, uAccent, 0.22 * vMarked);
`

export interface MaterialOptions {
  /** Light per vertex instead of per pixel. */
  readonly plain: boolean
  /** Lamps outdoors light it. */
  readonly lamplit: boolean
  /** The light of its room does: the geometry has a `slot` attribute. */
  readonly roomlit?: boolean
}

/**
 * The model's matt material with vertex colours, one for all solids. Whatever three has to change between two draws
 * costs about as much as a draw, so nothing differs: a thing that stands alone is an instance like those of which there
 * are many, and what is no part of a building and no ground has no `part` attribute, which reads as 0.
 */
export function solidMaterial(uniforms: SharedUniforms, options: MaterialOptions): Material {
  return options.plain ? plainMaterial(uniforms) : lambertMaterial(uniforms, options)
}

function partUniforms({ uCut, uMarked, uApart, uFloors, uAlone }: SharedUniforms) {
  return { uCut, uMarked, uApart, uFloors, uAlone }
}

/** What an option adds to three's matt shaders: code behind one of their chunks, by the chunk's name. */
interface ShaderAddition {
  readonly name: string
  readonly uniforms: Record<string, IUniform>
  readonly vertexHead?: string
  readonly fragmentHead?: string
  readonly behind: Readonly<Record<string, string>>
  readonly before?: Readonly<Record<string, string>>
}

function lambertMaterial(uniforms: SharedUniforms, { lamplit, roomlit }: MaterialOptions): Material {
  const material = new MeshLambertMaterial({ vertexColors: true, shadowSide: DoubleSide })
  const additions = [
    partAddition(uniforms),
    wetAddition(uniforms),
    ...(lamplit ? [lampAddition(uniforms)] : []),
    ...(roomlit ? [roomAddition(uniforms)] : []),
  ]
  material.onBeforeCompile = (shader) => {
    for (const { uniforms: own, vertexHead = '', fragmentHead = '', behind, before = {} } of additions) {
      Object.assign(shader.uniforms, own)
      for (const [chunk, code] of [...Object.entries(behind), ...Object.entries(before)]) {
        const include = `#include <${chunk}>`
        const woven = chunk in before ? `${code}\n${include}` : `${include}\n${code}`
        shader.vertexShader = shader.vertexShader.replace(include, woven)
        shader.fragmentShader = shader.fragmentShader.replace(include, woven)
      }
      shader.vertexShader = vertexHead + shader.vertexShader
      shader.fragmentShader = fragmentHead + shader.fragmentShader
    }
  }
  material.customProgramCacheKey = () => `parkloop ${additions.map((a) => a.name).join()}`
  return material
}

function partAddition(uniforms: SharedUniforms): ShaderAddition {
  return {
    name: 'parts',
    uniforms: { ...partUniforms(uniforms), uAccent: uniforms.uAccent },
    vertexHead: partHead,
    fragmentHead: 'varying float vMarked;\nuniform vec3 uAccent;\n',
    behind: { begin_vertex: partCut, color_fragment: partTint },
  }
}

/** Matt when dry; when wet darker, and mirroring the sky where it is seen at a flat angle. */
function wetAddition({ uWet, uSky }: SharedUniforms): ShaderAddition {
  return {
    name: 'ground',
    uniforms: { uWet, uWetSky: uSky },
    vertexHead: 'uniform float uWet;\nvarying float vWet;\n',
    fragmentHead: 'uniform vec3 uWetSky;\nvarying float vWet;\n',
    behind: {
      project_vertex: `vWet = ${wetness};`,
      color_fragment: 'diffuseColor.rgb *= 1.0 - 0.42 * vWet;',
    },
    before: {
      opaque_fragment: `if (vWet > 0.0) {
          float flat3 = pow(1.0 - abs(dot(normalize(vViewPosition), normalize(vNormal))), 3.0);
          outgoingLight = mix(outgoingLight, uWetSky * 0.5, vWet * (0.04 + 0.5 * flat3));
        }`,
    },
  }
}

function lampAddition({ uLamps, uLampFrame, uNight }: SharedUniforms): ShaderAddition {
  return {
    name: 'lamps',
    uniforms: { uLamps, uLampFrame, uNight },
    vertexHead: 'varying vec3 vLampAt;\n',
    fragmentHead: lampFragment,
    behind: {
      project_vertex: lampVertex,
      emissivemap_fragment:
        'totalEmissiveRadiance += diffuseColor.rgb * lampLight(max(0.0, dot(normal, (viewMatrix * vec4(0.0, 1.0, 0.0, 0.0)).xyz)));',
    },
  }
}

function roomAddition({ uZones, uZoneRows, uNight }: SharedUniforms): ShaderAddition {
  return {
    name: 'rooms',
    uniforms: { uZones, uZoneRows, uNight },
    vertexHead: 'attribute float slot;\nuniform sampler2D uZones;\nuniform float uZoneRows;\nvarying float vRoom;\n',
    fragmentHead: 'uniform float uNight;\nvarying float vRoom;\n',
    behind: {
      begin_vertex: `float zoneRow = floor(slot / ${zoneTableWidth}.0);
        vRoom = texture2D(uZones, vec2((slot - zoneRow * ${zoneTableWidth}.0 + 0.5) / ${zoneTableWidth}.0, (zoneRow + 0.5) / uZoneRows)).r;`,
      emissivemap_fragment: `float fromCeiling = 0.55 + 0.45 * max(0.0, dot(normal, (viewMatrix * vec4(0.0, 1.0, 0.0, 0.0)).xyz));
        totalEmissiveRadiance += diffuseColor.rgb * vec3(1.0, 0.82, 0.58) * (0.85 * uNight * vRoom * fromCeiling);`,
    },
  }
}

/** Depth for the shadow map, cut like the model itself. */
export function partDepthMaterial(uniforms: SharedUniforms): MeshDepthMaterial {
  const material = new MeshDepthMaterial({ depthPacking: RGBADepthPacking })
  material.onBeforeCompile = (shader) => {
    Object.assign(shader.uniforms, partUniforms(uniforms))
    shader.vertexShader =
      partHead + shader.vertexShader.replace('#include <begin_vertex>', `#include <begin_vertex>\n${partCut}`)
  }
  material.customProgramCacheKey = () => 'parkloop-parts-depth'
  return material
}

/** Light and display encoding per vertex: a software rasteriser then only interpolates. */
function plainMaterial(uniforms: SharedUniforms): Material {
  return new ShaderMaterial({
    uniforms: { ...uniforms },
    vertexColors: true,
    vertexShader: /* glsl */ `
      ${partHead}
      uniform vec3 uAccent;
      uniform vec3 uKey; uniform vec3 uKeyColor; uniform vec3 uSky; uniform vec3 uBounce; uniform float uWet;
      varying vec3 vShown;
      void main() {
        vec3 transformed = position;
        vec3 albedo = color.rgb;
        #ifdef USE_INSTANCING_COLOR
          albedo *= instanceColor.rgb;
        #endif
        ${partCut}
        albedo = mix(albedo, uAccent, 0.22 * vMarked) * (1.0 - 0.42 * (${wetness}));
        mat4 toWorld = modelMatrix;
        #ifdef USE_INSTANCING
          toWorld = modelMatrix * instanceMatrix;
        #endif
        vec3 n = normalize(mat3(toWorld) * normal);
        vec3 lit = mix(uBounce, uSky, 0.5 + 0.5 * n.y) + uKeyColor * max(0.0, dot(n, uKey));
        vec3 c = albedo * lit * 0.3183;
        // As the other tiers' tone mapping: faithful up to bright paper, rolled off above; then the display's gamma.
        vec3 bright = max(c - 0.7, 0.0);
        vShown = pow(min(c, 0.7) + 0.3 * (1.0 - exp(-bright / 0.3)), vec3(0.4545));
        gl_Position = projectionMatrix * viewMatrix * toWorld * vec4(transformed, 1.0);
      }`,
    fragmentShader: 'varying vec3 vShown; void main() { gl_FragColor = vec4(vShown, 1.0); }',
    toneMapped: false,
  })
}
