import { BackSide, Mesh, ShaderMaterial, SphereGeometry } from 'three'
import type { SharedUniforms } from './materials.ts'

/** A quiet gradient round the table: sky above, horizon below, a soft halo towards the sun. */
export function backdropMesh(uniforms: SharedUniforms): Mesh {
  const material = new ShaderMaterial({
    uniforms: { ...uniforms },
    side: BackSide,
    depthWrite: false,
    depthTest: false,
    vertexShader: `varying vec3 vTo;
      void main() { vTo = normalize((modelMatrix * vec4(position, 0.0)).xyz); vec4 p = projectionMatrix * viewMatrix * vec4(vTo * 100.0 + cameraPosition, 1.0); gl_Position = p; }`,
    fragmentShader: `uniform vec3 uBackdropTop; uniform vec3 uBackdropLow; uniform vec3 uKey; uniform vec3 uKeyColor; uniform float uNight;
      varying vec3 vTo;
      void main() {
        vec3 to = normalize(vTo);
        vec3 shown = mix(uBackdropLow, uBackdropTop, smoothstep(0.0, 0.55, to.y));
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
