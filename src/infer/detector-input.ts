/** Pictures become tensors: fitted, put in order and scaled as the model's manifest says. */
import type { BoxInImage } from '../contract/perception.ts'
import { type ImageInput, imageSize, type SizesType } from './detector-manifest.ts'
import type { TensorIn } from './engine-backend.ts'
import { halfBits } from './half-float.ts'

export interface Picture {
  readonly width: number
  readonly height: number
  /** Row-major RGBA. */
  readonly rgba: ArrayBuffer
}

/** The very pixels of a part, which lies inside the picture in whole pixels. */
export function cropPicture({ width, rgba }: Picture, part: BoxInImage): Picture {
  const from = new Uint32Array(rgba)
  const pixels = new Uint32Array(part.width * part.height)
  for (let row = 0; row < part.height; row++) {
    const start = (part.y + row) * width + part.x
    pixels.set(from.subarray(start, start + part.width), row * part.width)
  }
  return { width: part.width, height: part.height, rgba: pixels.buffer }
}

/** Input pixel = picture pixel × scale + offset. */
export interface Fit {
  readonly scaleX: number
  readonly scaleY: number
  readonly offsetX: number
  readonly offsetY: number
}

export type ImageTensor = Float32Array | Uint16Array | Uint8Array

/** Room for one picture; float16 travels as its bits. */
export function imageTensor(input: ImageInput): ImageTensor {
  const { width, height } = imageSize(input)
  const length = 3 * width * height
  if (input.type === 'uint8') return new Uint8Array(length)
  return input.type === 'float16' ? new Uint16Array(length) : new Float32Array(length)
}

/** The picture's two sides as an input of their own, for networks that ask for them. */
export function sizesTensor(type: SizesType, sides: readonly number[]): TensorIn {
  const data =
    type === 'int64'
      ? BigInt64Array.from(sides, BigInt)
      : type === 'int32'
        ? Int32Array.from(sides)
        : Float32Array.from(sides)
  return { type, data, dims: [1, 2] }
}

/**
 * How a picture of this size sits in the network's input: one scale and a grey margin, or stretched. Whole pixels, cut
 * off at the top left as YOLOX does and rounded in the centre as Ultralytics does; half a pixel is half a point of AP.
 */
export function fitPicture(width: number, height: number, input: ImageInput): Fit {
  const { width: inputWidth, height: inputHeight } = imageSize(input)
  if (!input.letterbox) return { scaleX: inputWidth / width, scaleY: inputHeight / height, offsetX: 0, offsetY: 0 }
  const scale = Math.min(inputWidth / width, inputHeight / height)
  const centred = input.letterbox.align === 'centre'
  const whole = (size: number) => Math.max(1, centred ? Math.round(size * scale) : Math.floor(size * scale + 1e-6))
  const [coveredX, coveredY] = [whole(width), whole(height)]
  return {
    scaleX: coveredX / width,
    scaleY: coveredY / height,
    offsetX: centred ? Math.floor((inputWidth - coveredX) / 2) : 0,
    offsetY: centred ? Math.floor((inputHeight - coveredY) / 2) : 0,
  }
}

interface Channel {
  /** Byte within an RGBA pixel. */
  readonly source: number
  readonly gain: number
  readonly bias: number
  /** Place of the first value, and the way to the next column and row. */
  readonly start: number
  readonly step: number
  readonly rowStep: number
}

/** Fills `tensor` from the picture; bilinear where the sizes differ, corners aligned half-way as OpenCV does it. */
export function fillImageTensor(picture: Picture, input: ImageInput, fit: Fit, tensor: ImageTensor): void {
  const { width, height } = imageSize(input)
  const pixels = new Uint8Array(picture.rgba)
  const planes = input.layout === 'NCHW'
  const samePixels = picture.width === width && picture.height === height
  const columns = samePixels ? undefined : samples(picture.width, fit.scaleX, fit.offsetX, width)
  const rows = samePixels ? undefined : samples(picture.height, fit.scaleY, fit.offsetY, height)
  for (let index = 0; index < 3; index++) {
    // y = (p × scale − mean) ÷ std, folded into one multiplication and one addition.
    const std = input.std[index] ?? 1
    const channel: Channel = {
      source: input.channelOrder === 'RGB' ? index : 2 - index,
      gain: input.scale / std,
      bias: -(input.mean[index] ?? 0) / std,
      start: planes ? index * width * height : index,
      step: planes ? 1 : 3,
      rowStep: planes ? width : 3 * width,
    }
    if (!columns || !rows) copyChannel(pixels, channel, width * height, tensor)
    else {
      const margin = (input.letterbox?.fill ?? 0) * channel.gain + channel.bias
      fillMargin(channel, input.type === 'float16' ? halfBits(margin) : margin, width, height, tensor)
      resample(pixels, picture.width, channel, columns, rows, tensor)
    }
  }
}

function copyChannel(pixels: Uint8Array, channel: Channel, count: number, tensor: ImageTensor): void {
  const { source, gain, bias, start, step } = channel
  const half = tensor instanceof Uint16Array
  for (let i = 0, p = source, o = start; i < count; i++, p += 4, o += step) {
    const value = (pixels[p] as number) * gain + bias
    tensor[o] = half ? halfBits(value) : value
  }
}

function fillMargin(channel: Channel, value: number, width: number, height: number, tensor: ImageTensor): void {
  for (let i = 0, o = channel.start; i < width * height; i++, o += channel.step) tensor[o] = value
}

/** For each input pixel that the picture covers: its two neighbours in the picture and the share of the second. */
interface Samples {
  readonly from: number
  readonly to: number
  readonly first: Int32Array
  readonly second: Int32Array
  readonly share: Float32Array
}

function samples(pictureSize: number, scale: number, offset: number, inputSize: number): Samples {
  const to = Math.min(inputSize, offset + Math.round(pictureSize * scale))
  const first = new Int32Array(inputSize)
  const second = new Int32Array(inputSize)
  const share = new Float32Array(inputSize)
  for (let i = offset; i < to; i++) {
    const at = Math.min(pictureSize - 1, Math.max(0, (i + 0.5 - offset) / scale - 0.5))
    first[i] = Math.floor(at)
    second[i] = Math.min(pictureSize - 1, Math.floor(at) + 1)
    share[i] = at - Math.floor(at)
  }
  return { from: offset, to, first, second, share }
}

function resample(
  pixels: Uint8Array,
  pictureWidth: number,
  channel: Channel,
  columns: Samples,
  rows: Samples,
  tensor: ImageTensor,
): void {
  const { source, gain, bias, start, step, rowStep } = channel
  const half = tensor instanceof Uint16Array
  for (let y = rows.from; y < rows.to; y++) {
    const top = (rows.first[y] as number) * pictureWidth
    const bottom = (rows.second[y] as number) * pictureWidth
    const shareY = rows.share[y] as number
    let out = start + y * rowStep + columns.from * step
    for (let x = columns.from; x < columns.to; x++, out += step) {
      const left = columns.first[x] as number
      const right = columns.second[x] as number
      const shareX = columns.share[x] as number
      const a = pixels[(top + left) * 4 + source] as number
      const b = pixels[(top + right) * 4 + source] as number
      const c = pixels[(bottom + left) * 4 + source] as number
      const d = pixels[(bottom + right) * 4 + source] as number
      const above = a + (b - a) * shareX
      // Whole bytes, as the resized pictures that networks are trained on.
      const byte = Math.floor(above + (c + (d - c) * shareX - above) * shareY + 0.5)
      const value = byte * gain + bias
      tensor[out] = half ? halfBits(value) : value
    }
  }
}
