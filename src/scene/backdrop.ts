import { BackSide, Mesh, ShaderMaterial, SphereGeometry } from 'three'
import type { SharedUniforms } from './materials.ts'

/** The sky towards `to` with what the sun has left above the horizon: most where it has set. */
export const afterglow = /* glsl */ `
  uniform vec3 uGlow;
  uniform vec3 uGlowAt;
  vec3 withAfterglow(vec3 sky, vec3 to) {
    float towards = 0.5 + 0.5 * dot(to.xz / max(1e-4, length(to.xz)), uGlowAt.xy);
    return mix(sky, uGlow, uGlowAt.z * (0.08 + 0.92 * towards * towards * towards) * exp(-8.0 * max(0.0, to.y)));
  }
`

/** A quiet gradient round the table: sky above, horizon below, a soft halo towards the sun. */
export function backdropMesh(uniforms: SharedUniforms, plain: boolean): Mesh {
  const material = new ShaderMaterial({
    uniforms: { ...uniforms },
    defines: plain ? { PLAIN: '' } : {},
    side: BackSide,
    depthWrite: false,
    depthTest: false,
    vertexShader: `varying vec3 vTo;
      void main() { vTo = normalize((modelMatrix * vec4(position, 0.0)).xyz); vec4 p = projectionMatrix * viewMatrix * vec4(vTo * 100.0 + cameraPosition, 1.0); gl_Position = p; }`,
    fragmentShader: `${afterglow} uniform vec3 uBackdropTop; uniform vec3 uBackdropLow; uniform vec3 uKey; uniform vec3 uKeyColor; uniform float uNight;
      varying vec3 vTo;
      void main() {
        vec3 to = normalize(vTo);
        vec3 shown = mix(uBackdropLow, uBackdropTop, smoothstep(0.0, 0.55, to.y));
        #ifndef PLAIN
          shown = withAfterglow(shown, to);
        #endif
        shown += uKeyColor * 0.03 * pow(max(0.0, dot(to, uKey)), 6.0) * (1.0 - uNight);
        gl_FragColor = vec4(shown, 1.0);
        #include <colorspace_fragment>
      }`,
  })
  const mesh = new Mesh(new SphereGeometry(1, 32, 16), material)
  mesh.frustumCulled = false
  mesh.renderOrder = -10
  return mesh
}

export function disposeMesh(mesh: Mesh): void {
  mesh.geometry.dispose()
  for (const material of Array.isArray(mesh.material) ? mesh.material : [mesh.material]) material.dispose()
  mesh.removeFromParent()
}
