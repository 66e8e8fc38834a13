import type { ModelFiles } from './model-manifest.ts'

/** Files of a model's folder by address, e.g. `/models/detector/`. Works wherever `fetch` does. */
export function modelFilesFromUrl(folderUrl: string): ModelFiles {
  const base = folderUrl.endsWith('/') ? folderUrl : `${folderUrl}/`
  return async (file) => {
    const response = await fetch(base + file)
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    return new Uint8Array(await response.arrayBuffer())
  }
}
