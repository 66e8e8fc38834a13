/** Runs inside the page, before anything asks for a device: bytes of the GPU's buffers and textures that live. */
const sizes = new WeakMap<object, number>()
let liveBytes = 0

export const gpuBytes = (): number => liveBytes

function born(thing: object, bytes: number): void {
  sizes.set(thing, bytes)
  liveBytes += bytes
}

function gone(thing: object): void {
  liveBytes -= sizes.get(thing) ?? 0
  sizes.delete(thing)
}

/** What is dropped without being destroyed goes on counting: it would wait for a garbage collector. */
export function watchGpuMemory(): void {
  if (typeof GPUDevice === 'undefined') return
  const { createBuffer, createTexture } = GPUDevice.prototype
  GPUDevice.prototype.createBuffer = function (descriptor) {
    const buffer = createBuffer.call(this, descriptor)
    born(buffer, buffer.size)
    return buffer
  }
  GPUDevice.prototype.createTexture = function (descriptor) {
    const texture = createTexture.call(this, descriptor)
    // Four bytes a texel: an estimate that is the same for the same texture.
    born(texture, texture.width * texture.height * texture.depthOrArrayLayers * 4)
    return texture
  }
  for (const { prototype } of [GPUBuffer, GPUTexture]) {
    const { destroy } = prototype
    prototype.destroy = function () {
      gone(this)
      return destroy.call(this as GPUBuffer & GPUTexture)
    }
  }
}
