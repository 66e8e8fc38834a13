/** The runtime's binaries, bundled with the app, so that nothing is downloaded from outside. */

import webgpuWasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url'
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url'
import type { OrtAssets } from './ort-backend.ts'

export const browserOrtAssets: OrtAssets = {
  wasm: new URL(wasm, import.meta.url).href,
  webgpuWasm: new URL(webgpuWasm, import.meta.url).href,
}
