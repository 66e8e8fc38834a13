/** A model's weights from an address or from files of this machine; every refusal has a name. */
import type { ModelFault, ModelSourceFile } from '../contract/model-port.ts'
import { err, ok, type Result } from '../platform/result.ts'

/** As much as the worker takes; more is not even fetched. */
export const mostModelBytes = 128 * 1024 * 1024

const failed = (code: string, message: string): Result<never, ModelFault> => err({ code, message })

export async function fetchModel(
  url: string,
  sha256: string,
  progress: (doneBytes: number, share: number | undefined) => void,
): Promise<Result<ModelSourceFile, ModelFault>> {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return failed('badAddress', url.slice(0, 200))
  let response: Response
  try {
    response = await fetch(url, { credentials: 'omit', referrerPolicy: 'no-referrer' })
  } catch (error) {
    // A browser does not tell a refusal by CORS from a server that is not there.
    return failed('unreachable', error instanceof Error ? error.message : String(error))
  }
  if (!response.ok || !response.body) return failed('refused', `HTTP ${response.status}`)
  const length = Number(response.headers.get('content-length') ?? Number.NaN)
  if (length > mostModelBytes) {
    await response.body.cancel()
    return failed('tooLarge', `${length} bytes`)
  }
  const weights = await received(response.body, (done) =>
    // Packed for the journey, the length is that of other bytes.
    progress(done, length >= done ? done / length : undefined),
  )
  const name = new URL(url).pathname.split('/').at(-1) || 'model.onnx'
  return weights.ok ? ok(withStated({ name, weights: weights.value }, sha256)) : weights
}

/** With the hash that was typed, if any: it is held against the file where that is looked into, the worker has the time. */
export function withStated(source: ModelSourceFile, typed: string): ModelSourceFile {
  const sha256 = typed.trim().toLowerCase()
  return sha256 === '' ? source : { ...source, sha256 }
}

async function received(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  progress: (doneBytes: number) => void,
): Promise<Result<Uint8Array<ArrayBuffer>, ModelFault>> {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  const reader = body.getReader()
  let done = 0
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      chunks.push(part.value)
      done += part.value.byteLength
      if (done > mostModelBytes) {
        await reader.cancel()
        return failed('tooLarge', `more than ${mostModelBytes} bytes`)
      }
      progress(done)
    }
  } catch (error) {
    return failed('interrupted', error instanceof Error ? error.message : String(error))
  }
  return ok(new Uint8Array(await new Blob(chunks).arrayBuffer()))
}

/** One `.onnx`, and the `model.json` that belongs to it where there is one. */
export async function readModelFiles(files: readonly File[]): Promise<Result<ModelSourceFile, ModelFault>> {
  const onnx = files.filter(({ name }) => /\.onnx$/i.test(name))
  const descriptions = files.filter(({ name }) => /\.json$/i.test(name))
  const [model] = onnx
  if (!model || onnx.length > 1 || descriptions.length > 1 || onnx.length + descriptions.length < files.length)
    return failed('wrongFiles', files.map(({ name }) => name).join(', '))
  if (model.size > mostModelBytes) return failed('tooLarge', `${model.size} bytes`)
  const [description] = descriptions
  if (description && description.size > 256 * 1024) return failed('badManifest', `${description.size} bytes`)
  try {
    const weights = new Uint8Array(await model.arrayBuffer())
    const manifestText = await description?.text()
    return ok({ name: model.name, weights, ...(manifestText !== undefined && { manifestText }) })
  } catch (error) {
    // A folder, or a file that changed or went since it was chosen.
    return failed('wrongFiles', `${model.name}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
