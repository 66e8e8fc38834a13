import { BufferAttribute, BufferGeometry, type Color, DoubleSide, ShaderMaterial } from 'three'
import type { KitMesh } from './kit/mesh.ts'

/**
 * Thin colour that lies over things: the shade where walls meet the ground, wire of fences, what cameras see. A vertex
 * has a linear colour and the square root of its opacity; `edge` is 0 … 1 away from a camera and 0 … 1 towards the rim.
 */
export function filmMaterial(): ShaderMaterial {
  return new ShaderMaterial({
    transparent: true,
    depthWrite: false,
    side: DoubleSide,
    vertexShader: /* glsl */ `
      attribute vec4 film; attribute vec2 edge; varying vec4 vFilm; varying vec2 vEdge;
      void main() { vFilm = film; vEdge = edge; gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); }`,
    fragmentShader: /* glsl */ `
      varying vec4 vFilm; varying vec2 vEdge;
      void main() {
        float rim = smoothstep(0.955, 0.985, vEdge.y);
        gl_FragColor = vec4(vFilm.rgb, vFilm.a * vFilm.a * (1.0 - 0.75 * vEdge.x + 1.67 * rim * (1.0 - vEdge.x)));
        #include <colorspace_fragment>
      }`,
  })
}

export function filmGeometry(
  { positions, indices }: Pick<KitMesh, 'positions' | 'indices'>,
  color: Color,
  opacityOf: (vertex: number) => number,
): BufferGeometry {
  const films = new Float32Array((positions.length / 3) * 4)
  for (let i = 0; i < positions.length / 3; i++) films.set([color.r, color.g, color.b, Math.sqrt(opacityOf(i))], i * 4)
  return new BufferGeometry()
    .setAttribute('position', new BufferAttribute(positions, 3))
    .setAttribute('film', new BufferAttribute(films, 4))
    .setIndex(new BufferAttribute(indices, 1))
}
