/** Decoding by the browser's own codecs, off the main thread. */
import type { CameraFault, CameraFrame } from '../../contract/camera.ts'
import type { ExportFormat } from '../../contract/camera-port.ts'
import { fitWithin, maxPicturePixels, type PictureSize, pictureSize } from '../../platform/picture-header.ts'
import { err, ok, type Result } from '../../platform/result.ts'
import type { DecodePicture } from './camera-post.ts'
import { type RawPicture, releasePicture } from './raw-picture.ts'

const canvasLimit = 16

/** Reuses a canvas for each size; drawing and reading are one step, so cameras can share them. */
export function browserDecoder(): DecodePicture {
  const canvases = new Map<string, OffscreenCanvasRenderingContext2D>()
  const contextOf = ({ width, height }: PictureSize) => {
    const key = `${width}x${height}`
    let context = canvases.get(key)
    if (!context) {
      if (canvases.size >= canvasLimit) canvases.clear()
      // Pixels are read back every time: a canvas in main memory spares the round trip to the GPU.
      context =
        new OffscreenCanvas(width, height).getContext('2d', { alpha: false, willReadFrequently: true }) ?? undefined
      if (!context) throw new Error('no 2d context')
      // Else the picture before, perhaps another camera's and unmasked, would show through a transparent one.
      context.globalCompositeOperation = 'copy'
      canvases.set(key, context)
    }
    return context
  }
  return async (raw, most) => {
    const from = sizeOf(raw)
    if (!from.ok) {
      releasePicture(raw)
      return from
    }
    const size = fitWithin(from.value, most)
    let picture: VideoFrame | ImageBitmap | undefined
    try {
      picture = raw.kind === 'drawn' ? raw.picture : await shrunk(raw.bytes, size)
      const context = contextOf(size)
      context.imageSmoothingQuality = 'medium'
      context.drawImage(picture, 0, 0, size.width, size.height)
      const { data } = context.getImageData(0, 0, size.width, size.height)
      return ok({ ...size, rgba: data.buffer as ArrayBuffer, from: from.value })
    } catch (error) {
      return err({ code: 'camera.corruptFrame', detail: error instanceof Error ? error.message.slice(0, 120) : '' })
    } finally {
      picture?.close()
    }
  }
}

function sizeOf(raw: RawPicture): Result<PictureSize, CameraFault> {
  const size = raw.kind === 'encoded' ? pictureSize(raw.bytes) : drawnSize(raw.picture)
  if (!size) return err({ code: 'camera.corruptFrame', detail: 'neither JPEG nor PNG, or its head is broken' })
  if (size.width * size.height > maxPicturePixels)
    return err({ code: 'camera.tooLarge', detail: `${size.width} × ${size.height}` })
  return ok(size)
}

function drawnSize(picture: VideoFrame | ImageBitmap): PictureSize | undefined {
  const width = 'displayWidth' in picture ? picture.displayWidth : picture.width
  const height = 'displayHeight' in picture ? picture.displayHeight : picture.height
  return width > 0 && height > 0 ? { width, height } : undefined
}

function shrunk(bytes: Uint8Array<ArrayBuffer>, size: PictureSize): Promise<ImageBitmap> {
  return createImageBitmap(new Blob([bytes]), {
    resizeWidth: size.width,
    resizeHeight: size.height,
    resizeQuality: 'medium',
    // The head told the size as it is stored.
    imageOrientation: 'none',
  })
}

export function bitmapOf({ rgba, width, height }: CameraFrame): Promise<ImageBitmap> {
  return createImageBitmap(new ImageData(new Uint8ClampedArray(rgba), width, height))
}

const stripPx = 18
const jpegQuality = 0.92

/** The picture with a line under it that says what it is. */
export async function encodePicture(
  { rgba, width, height }: CameraFrame,
  caption: string,
  format: ExportFormat,
): Promise<Blob | undefined> {
  const canvas = new OffscreenCanvas(width, height + stripPx)
  const context = canvas.getContext('2d')
  if (!context) return undefined
  context.putImageData(new ImageData(new Uint8ClampedArray(rgba), width, height), 0, 0)
  context.fillStyle = '#000'
  context.fillRect(0, height, width, stripPx)
  context.fillStyle = '#fff'
  context.font = '11px sans-serif'
  context.textBaseline = 'middle'
  context.fillText(caption, 5, height + stripPx / 2, width - 10)
  try {
    return await canvas.convertToBlob({ type: format === 'png' ? 'image/png' : 'image/jpeg', quality: jpegQuality })
  } catch {
    return undefined
  }
}
