import type { CameraViewPort } from '../panels/ports.tsx'

type Draw = (bitmap: ImageBitmap, capturedAtMs: number) => void

/** Pictures for people: only cameras that somebody watches are asked for, and a bitmap is closed once it was drawn. */
export class CameraView implements CameraViewPort {
  readonly #watchers = new Map<string, Set<Draw>>()
  #watch: (cameraIds: readonly string[]) => void = () => {}

  onWatch(watch: (cameraIds: readonly string[]) => void): void {
    this.#watch = watch
    this.#tell()
  }

  subscribeFrames(cameraId: string, draw: Draw): () => void {
    const watchers = this.#watchers.get(cameraId) ?? new Set()
    watchers.add(draw)
    this.#watchers.set(cameraId, watchers)
    this.#tell()
    return () => {
      watchers.delete(draw)
      if (watchers.size === 0 && this.#watchers.get(cameraId) === watchers) this.#watchers.delete(cameraId)
      this.#tell()
    }
  }

  show(cameraId: string, bitmap: ImageBitmap, capturedAtMs: number): void {
    for (const draw of this.#watchers.get(cameraId) ?? []) draw(bitmap, capturedAtMs)
    bitmap.close()
  }

  #tell(): void {
    this.#watch([...this.#watchers.keys()])
  }
}
