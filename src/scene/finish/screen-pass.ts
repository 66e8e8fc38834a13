import {
  BufferAttribute,
  BufferGeometry,
  Camera,
  type IUniform,
  Mesh,
  NoBlending,
  Scene,
  ShaderMaterial,
  type WebGLRenderer,
  type WebGLRenderTarget,
} from 'three'

export interface ScreenPassOptions<U> {
  readonly uniforms: U
  readonly defines?: Readonly<Record<string, string | number>>
  readonly fragmentShader: string
}

const vertexShader =
  'varying vec2 vUv; void main() { vUv = position.xy * 0.5 + 0.5; gl_Position = vec4(position.xy, 0.0, 1.0); }'

/** One triangle over the whole picture: each pixel is reckoned once, from pictures drawn before. */
export class ScreenPass<U extends Record<string, IUniform>> {
  readonly uniforms: U
  readonly #scene = new Scene()
  readonly #camera = new Camera()
  readonly #mesh: Mesh<BufferGeometry, ShaderMaterial>

  constructor({ uniforms, defines = {}, fragmentShader }: ScreenPassOptions<U>) {
    this.uniforms = uniforms
    const geometry = new BufferGeometry()
    geometry.setAttribute('position', new BufferAttribute(Float32Array.of(-1, -1, 0, 3, -1, 0, -1, 3, 0), 3))
    const material = new ShaderMaterial({
      uniforms,
      defines: { ...defines },
      vertexShader,
      fragmentShader,
      depthTest: false,
      depthWrite: false,
      blending: NoBlending,
      toneMapped: false,
    })
    this.#mesh = new Mesh(geometry, material)
    this.#mesh.frustumCulled = false
    this.#scene.matrixWorldAutoUpdate = false
    this.#scene.add(this.#mesh)
  }

  draw(renderer: WebGLRenderer, target: WebGLRenderTarget | null): void {
    renderer.setRenderTarget(target)
    renderer.render(this.#scene, this.#camera)
  }

  dispose(): void {
    this.#mesh.geometry.dispose()
    this.#mesh.material.dispose()
  }
}
