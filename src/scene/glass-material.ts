import { type Color, DoubleSide, ShaderMaterial } from 'three'
import { partCut, partHead, type SharedUniforms, zoneTableWidth } from './materials.ts'
import type { QualitySettings } from './quality.ts'

/**
 * How bright a lit room is where the eye meets it through its window: a box behind the glass with lamps in rows on its
 * ceiling, tables and a back wall (interior mapping, van Dongen 2008). Some windows have their blinds half down.
 */
const roomBehind = /* glsl */ `
  #ifdef ROOMS
  float roomBehind(vec2 at, vec3 away, vec3 normal, float seed) {
    vec3 world = away + cameraPosition;
    vec3 along = normalize(vec3(normal.z, 0.0, -normal.x) + vec3(1e-5, 0.0, 0.0));
    float s = dot(world, along);
    float paneM = clamp(fwidth(world.y) / max(fwidth(at.y), 1e-6), 0.4, 6.0);
    float y = at.y * paneM;
    vec3 d = normalize(away);
    float inward = max(0.05, -dot(d, normal));
    float toBack = 5.0 / inward;
    float toCeiling = d.y > 1e-4 ? (paneM + 0.35 - y) / d.y : 1e4;
    float toFloor = d.y < -1e-4 ? (y + 0.85) / -d.y : 1e4;
    float t = min(toBack, min(toCeiling, toFloor));
    float deepM = t * inward;
    float across = s + t * dot(d, along);
    vec2 row = abs(fract(vec2(across / 2.6, deepM / 1.9)) - 0.5);
    float shown;
    if (t == toCeiling) shown = 0.5 + 1.1 * step(row.x, 0.27) * step(row.y, 0.13);
    else if (t == toFloor) shown = mix(0.34, 0.5, step(0.24, row.x) * step(0.2, row.y));
    else shown = 0.5 + 0.3 * smoothstep(-0.6, paneM, y + t * d.y) - 0.14 * step(0.44, abs(fract(across / 5.2) - 0.5));
    shown *= 1.0 - 0.05 * deepM;
    float blind = fract(seed * 13.7);
    return at.y > 1.0 - 0.75 * max(0.0, blind - 0.55) / 0.45 ? 0.62 + 0.1 * fract(seed * 5.1) : shown;
  }
  #endif
`

/** Glass: mirrors the sky a little by day, shows reported room light at night, or the layer's heat. */
export function glassMaterial(
  uniforms: SharedUniforms,
  glass: Color,
  { plain, finish }: Pick<QualitySettings, 'plain' | 'finish'>,
): ShaderMaterial {
  return new ShaderMaterial({
    uniforms: { ...uniforms, uGlass: { value: glass } },
    // A finished picture holds more light than the display shows: a lit window is brighter than paper, and glows.
    defines: { ...(plain && { PLAIN: '' }), ...(finish && { ROOMS: '' }), LIT: finish ? '2.4' : '1.05' },
    shadowSide: DoubleSide,
    vertexShader: /* glsl */ `
      ${partHead}
      attribute float slot; attribute float seed;
      uniform sampler2D uZones; uniform float uZoneRows;
      varying vec2 vUv; varying vec3 vNormalW; varying vec3 vAway; varying vec4 vZone; varying float vSeed;
      void main() {
        vec3 transformed = position;
        ${partCut}
        float row = floor(slot / ${zoneTableWidth}.0);
        vZone = texture2D(uZones, vec2((slot - row * ${zoneTableWidth}.0 + 0.5) / ${zoneTableWidth}.0, (row + 0.5) / uZoneRows));
        vUv = uv;
        vSeed = seed;
        vec4 world = modelMatrix * vec4(transformed, 1.0);
        vNormalW = mat3(modelMatrix) * normal;
        vAway = world.xyz - cameraPosition;
        gl_Position = projectionMatrix * viewMatrix * world;
      }`,
    fragmentShader: /* glsl */ `
      uniform vec3 uGlass; uniform vec3 uSky; uniform vec3 uBounce; uniform vec3 uKey; uniform vec3 uKeyColor;
      uniform vec3 uAccent; uniform float uNight; uniform float uHeat; uniform sampler2D uRamp;
      varying vec2 vUv; varying vec3 vNormalW; varying vec3 vAway; varying vec4 vZone; varying float vSeed; varying float vMarked;
      ${roomBehind}
      void main() {
        vec3 lit = uSky + uKeyColor * max(0.0, dot(vNormalW, uKey)) * 0.35;
        vec3 base = uGlass * lit * (0.17 + 0.11 * vSeed);
        #ifndef PLAIN
          vec3 away = normalize(vAway);
          vec3 mirrored = reflect(away, vNormalW);
          float fresnel = 0.10 + 0.75 * pow(1.0 - abs(dot(away, vNormalW)), 3.0);
          vec3 heaven = mix(uBounce * 0.17, uSky * 0.6, smoothstep(-0.35, 0.5, mirrored.y));
          base = mix(base, heaven, fresnel);
          base += uKeyColor * pow(max(0.0, dot(mirrored, uKey)), 60.0) * 0.25;
          base *= 0.78 + 0.22 * vUv.y;
        #else
          base *= 1.25;
        #endif
        // Not every bay of a lit room is equally bright: blinds, lamps, people.
        float level = vZone.r * step(vSeed * 0.92, 0.25 + vZone.r * 0.75 + vZone.g * 0.2) * (0.62 + 0.38 * fract(vSeed * 7.31));
        vec3 warm = mix(vec3(1.0, 0.66, 0.31), vec3(1.0, 0.83, 0.58), fract(vSeed * 3.7));
        #ifdef ROOMS
          float lampBand = roomBehind(vUv, vAway, vNormalW, vSeed);
        #else
          float lampBand = 0.68 + 0.32 * smoothstep(0.25, 0.95, vUv.y);
        #endif
        vec3 shown = base + warm * level * lampBand * mix(0.10, LIT, uNight);
        if (uHeat > 0.5 && vZone.b >= 0.0) shown = mix(shown, pow(texture2D(uRamp, vec2(vZone.b, 0.5)).rgb, vec3(2.2)) * (0.5 + 0.5 * (1.0 - uNight)), 0.85);
        shown = mix(shown, uAccent, 0.2 * vMarked);
        gl_FragColor = vec4(shown, 1.0);
        #include <tonemapping_fragment>
        #include <colorspace_fragment>
      }`,
  })
}
