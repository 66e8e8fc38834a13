import type { Detection } from '../contract/perception.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { fillImageTensor, fitPicture, type Picture } from './detector-input.ts'
import { decodeDetections } from './detector-output.ts'
import { Engine, type EngineOptions } from './engine.ts'
import type { DetectionManifest, LoadedModel, ModelError } from './model-manifest.ts'

/** Pictures in, detections out. One picture at a time: the input tensor is reused. */
export class Detector {
  readonly manifest: DetectionManifest
  readonly engine: Engine
  readonly #tensor: Float32Array

  private constructor(manifest: DetectionManifest, engine: Engine, tensor: Float32Array) {
    this.manifest = manifest
    this.engine = engine
    this.#tensor = tensor
  }

  static async open(model: LoadedModel, options: EngineOptions): Promise<Result<Detector, ModelError>> {
    const { manifest } = model
    if (manifest.task !== 'detection')
      return err({ code: 'wrongTask', message: `${manifest.name} does ${manifest.task}` })
    const [, channels, height, width] = manifest.input.shape
    const tensor = new Float32Array(channels * height * width)
    const sample = { [manifest.input.name]: { data: tensor, dims: manifest.input.shape } }
    const engine = await Engine.open(model.weights, sample, options)
    return engine.ok ? ok(new Detector(manifest, engine.value, tensor)) : engine
  }

  async detect(picture: Picture): Promise<Detection[]> {
    const { input, output } = this.manifest
    const fit = fitPicture(picture.width, picture.height, input)
    fillImageTensor(picture, input, fit, this.#tensor)
    const outputs = await this.engine.run({ [input.name]: { data: this.#tensor, dims: input.shape } })
    const raw = outputs[output.name]
    if (!raw) throw new Error(`model ${this.manifest.name} has no output ${output.name}`)
    return decodeDetections(raw, this.manifest, fit, picture)
  }

  dispose(): Promise<void> {
    return this.engine.dispose()
  }
}
