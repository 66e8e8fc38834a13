import { ShaderChunk } from 'three'

/**
 * From scene light to display light: faithful up to bright paper, rolled off above by the peak channel so that lamps keep
 * their hue (after Khronos PBR Neutral, without its toe, which would sink a night into black).
 */
export const toneCurve = /* glsl */ `
  vec3 toneCurve(vec3 color) {
    const float start = 0.7;
    const float room = 1.0 - start;
    float peak = max(color.r, max(color.g, color.b));
    if (peak < start) return color;
    float newPeak = 1.0 - room * room / (peak + room - start);
    float fade = 1.0 - 1.0 / (0.15 * (peak - newPeak) + 1.0);
    return mix(color * (newPeak / peak), vec3(newPeak), fade);
  }
`

/** Makes the curve what three calls custom tone mapping, for tiers that draw straight to the canvas. */
export function installToneCurve(): void {
  const chunk = ShaderChunk.tonemapping_pars_fragment
  if (chunk.includes('toneCurve')) return
  ShaderChunk.tonemapping_pars_fragment = chunk.replace(
    'vec3 CustomToneMapping( vec3 color ) { return color; }',
    `${toneCurve}\nvec3 CustomToneMapping( vec3 color ) { return toneCurve( color * toneMappingExposure ); }`,
  )
}
