import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** Gzipped JavaScript and CSS of all chunks, without the ONNX runtime's own files, in kB. hls.js and its worker, loaded when a camera needs them, are 140 of it. */
const budgetKb = 1060
/** Gzipped size of what the page must load before it shows anything, in kB: shell and lists, neither three nor charts. */
const entryBudgetKb = 300

export function checkBundle(folder: string): { readonly pass: boolean; readonly report: string } {
  const assets = join(folder, 'assets')
  let totalKb = 0
  for (const file of readdirSync(assets)) {
    if (!/\.(js|css)$/.test(file) || /^ort/.test(file)) continue
    totalKb += gzipSync(readFileSync(join(assets, file))).byteLength / 1024
  }
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  const entryKb = [...html.matchAll(/(?:src|href)="\/?(?:\.\/)?(assets\/[^"]+\.(?:js|css))"/g)].reduce(
    (sum, match) => sum + gzipSync(readFileSync(join(folder, match[1] ?? ''))).byteLength / 1024,
    0,
  )
  return {
    pass: totalKb <= budgetKb && entryKb <= entryBudgetKb,
    report: `all ${totalKb.toFixed(0)} of ${budgetKb} kB, first load ${entryKb.toFixed(0)} of ${entryBudgetKb} kB (gzip)`,
  }
}
