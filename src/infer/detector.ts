import type { BoxInImage, Detection } from '../contract/perception.ts'
import { err, ok, type Result } from '../platform/result.ts'
import {
  cropPicture,
  fillImageTensor,
  fitPicture,
  type ImageTensor,
  imageTensor,
  type Picture,
  sizesTensor,
} from './detector-input.ts'
import { type DetectionManifest, imageSize } from './detector-manifest.ts'
import { DetectionDecoder, warily } from './detector-output.ts'
import { Engine, type EngineOptions } from './engine.ts'
import type { TensorsIn } from './engine-backend.ts'
import type { LoadedModel, ModelError } from './model-manifest.ts'

/** Pictures in, detections out. One picture at a time: the input tensor is reused. */
export class Detector {
  readonly manifest: DetectionManifest
  readonly engine: Engine
  readonly #tensor: ImageTensor
  readonly #feeds: TensorsIn
  readonly #decoder: DetectionDecoder
  readonly #waryDecoder: DetectionDecoder

  private constructor(manifest: DetectionManifest, engine: Engine, tensor: ImageTensor, feeds: TensorsIn) {
    this.manifest = manifest
    this.engine = engine
    this.#tensor = tensor
    this.#feeds = feeds
    this.#decoder = new DetectionDecoder(manifest)
    this.#waryDecoder = new DetectionDecoder(warily(manifest))
  }

  /** A model whose outputs are not what its manifest says is refused here, not at the first frame. */
  static async open(model: LoadedModel, options: EngineOptions): Promise<Result<Detector, ModelError>> {
    const { manifest } = model
    if (manifest.task !== 'detection')
      return err({ code: 'wrongTask', message: `${manifest.name} does ${manifest.task}` })
    const tensor = imageTensor(manifest.input)
    const feeds = feedsOf(manifest, tensor)
    const engine = await Engine.open(model.weights, feeds, options)
    if (!engine.ok) return engine
    const detector = new Detector(manifest, engine.value, tensor, feeds)
    const read = await detector
      .#look(imageSize(manifest.input))
      .catch((error: unknown) =>
        err<ModelError>({ code: 'engineFailed', message: error instanceof Error ? error.message : String(error) }),
      )
    if (read.ok) return ok(detector)
    await detector.dispose()
    return read
  }

  /**
   * At all of the picture, or at a part in its own pixels; boxes are in the whole picture's. `wary` halves the least
   * scores, and tells all that is to be blurred. Throws where the run fails.
   */
  async detect(whole: Picture, part?: BoxInImage, wary = false): Promise<Detection[]> {
    const { input } = this.manifest
    const picture = part ? cropPicture(whole, part) : whole
    fillImageTensor(picture, input, fitPicture(picture.width, picture.height, input), this.#tensor)
    const found = await this.#look(picture, wary ? this.#waryDecoder : this.#decoder)
    if (!found.ok) throw new Error(`${this.manifest.name}: ${found.error.message}`)
    return part ? found.value.map((one) => ({ ...one, box: moved(one.box, part) })) : found.value
  }

  get inputSize(): { readonly width: number; readonly height: number } {
    return imageSize(this.manifest.input)
  }

  dispose(): Promise<void> {
    return this.engine.dispose()
  }

  async #look(
    picture: { readonly width: number; readonly height: number },
    decoder = this.#decoder,
  ): Promise<Result<Detection[], ModelError>> {
    const fit = fitPicture(picture.width, picture.height, this.manifest.input)
    return decoder.decode(await this.engine.run(this.#feeds), fit, picture)
  }
}

const moved = (box: BoxInImage, { x, y }: BoxInImage): BoxInImage => ({ ...box, x: box.x + x, y: box.y + y })

function feedsOf({ input, output }: DetectionManifest, tensor: ImageTensor): TensorsIn {
  const image = { [input.name]: { type: input.type, data: tensor, dims: input.shape } }
  if (output.layout !== 'detr' || !output.sizes) return image
  const { width, height } = imageSize(input)
  const sizes = output.sizes.order === 'wh' ? [width, height] : [height, width]
  return {
    ...image,
    [output.sizes.name]: sizesTensor(output.sizes.type, sizes),
  }
}
