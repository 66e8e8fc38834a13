import type { ImageInput } from './model-manifest.ts'

export interface Picture {
  readonly width: number
  readonly height: number
  /** Row-major RGBA. */
  readonly rgba: ArrayBuffer
}

/** Input pixel = picture pixel × scale + offset. */
export interface Fit {
  readonly scaleX: number
  readonly scaleY: number
  readonly offsetX: number
  readonly offsetY: number
}

/** How a picture of this size sits in the network's input: one scale and a grey margin, or stretched. */
export function fitPicture(width: number, height: number, input: ImageInput): Fit {
  const [, , inputHeight, inputWidth] = input.shape
  const scaleX = inputWidth / width
  const scaleY = inputHeight / height
  if (!input.letterbox) return { scaleX, scaleY, offsetX: 0, offsetY: 0 }
  const scale = Math.min(scaleX, scaleY)
  const centred = input.letterbox.align === 'centre'
  return {
    scaleX: scale,
    scaleY: scale,
    offsetX: centred ? Math.floor((inputWidth - Math.round(width * scale)) / 2) : 0,
    offsetY: centred ? Math.floor((inputHeight - Math.round(height * scale)) / 2) : 0,
  }
}

/** Fills `tensor` (NCHW, 3 × height × width) from the picture; bilinear where the sizes differ. */
export function fillImageTensor(picture: Picture, input: ImageInput, fit: Fit, tensor: Float32Array): void {
  const [, , inputHeight, inputWidth] = input.shape
  const plane = inputHeight * inputWidth
  const pixels = new Uint8Array(picture.rgba)
  // y = (p × scale − mean) ÷ std, folded into one multiplication and one addition.
  const channels = [0, 1, 2].map((channel) => ({
    source: input.channelOrder === 'RGB' ? channel : 2 - channel,
    gain: input.scale / (input.std[channel] ?? 1),
    bias: -(input.mean[channel] ?? 0) / (input.std[channel] ?? 1),
  }))
  const samePixels = picture.width === inputWidth && picture.height === inputHeight
  for (const [channel, { source, gain, bias }] of channels.entries()) {
    const out = tensor.subarray(channel * plane, (channel + 1) * plane)
    if (samePixels) {
      for (let i = 0, p = source; i < plane; i++, p += 4) out[i] = (pixels[p] as number) * gain + bias
    } else {
      out.fill((input.letterbox?.fill ?? 0) * gain + bias)
      resample(pixels, picture, fit, source, out, inputWidth, inputHeight, gain, bias)
    }
  }
}

function resample(
  pixels: Uint8Array,
  picture: Picture,
  fit: Fit,
  source: number,
  out: Float32Array,
  inputWidth: number,
  inputHeight: number,
  gain: number,
  bias: number,
): void {
  const { width, height } = picture
  const toX = Math.min(inputWidth, fit.offsetX + Math.round(width * fit.scaleX))
  const toY = Math.min(inputHeight, fit.offsetY + Math.round(height * fit.scaleY))
  for (let y = fit.offsetY; y < toY; y++) {
    const sy = Math.min(height - 1, Math.max(0, (y + 0.5 - fit.offsetY) / fit.scaleY - 0.5))
    const y0 = Math.floor(sy)
    const y1 = Math.min(height - 1, y0 + 1)
    const fy = sy - y0
    for (let x = fit.offsetX; x < toX; x++) {
      const sx = Math.min(width - 1, Math.max(0, (x + 0.5 - fit.offsetX) / fit.scaleX - 0.5))
      const x0 = Math.floor(sx)
      const x1 = Math.min(width - 1, x0 + 1)
      const fx = sx - x0
      const at = (px: number, py: number): number => pixels[(py * width + px) * 4 + source] as number
      const top = at(x0, y0) * (1 - fx) + at(x1, y0) * fx
      const bottom = at(x0, y1) * (1 - fx) + at(x1, y1) * fx
      out[y * inputWidth + x] = (top * (1 - fy) + bottom * fy) * gain + bias
    }
  }
}
