import { readFileSync, statSync } from 'node:fs'
import { maxSiteFileBytes } from '../site/file-limit.ts'
import { checkGlb } from '../site/glb-check.ts'
import { loadSite } from '../site/load.ts'
import type { SiteFile } from '../site/schema.ts'
import { reasonOf } from './start-error.ts'

/** Exit status 0 when every file is valid. */
export function validateSites(files: readonly string[]): number {
  if (files.length === 0) {
    process.stderr.write('npm run site -- validate FILE…\n')
    return 2
  }
  const verdicts = files.map((file) => {
    const { valid, line } = verdictOf(file)
    ;(valid ? process.stdout : process.stderr).write(`${file}: ${line}\n`)
    return valid
  })
  return verdicts.every(Boolean) ? 0 : 1
}

function verdictOf(file: string): { readonly valid: boolean; readonly line: string } {
  let bytes: Uint8Array
  try {
    const { size } = statSync(file)
    if (size > maxSiteFileBytes) return { valid: false, line: `${size} bytes, at most ${maxSiteFileBytes}` }
    bytes = readFileSync(file)
  } catch (error) {
    return { valid: false, line: reasonOf(error) }
  }
  if (/\.(glb|gltf)$/i.test(file)) return modelVerdict(bytes)
  const loaded = loadSite(bytes)
  if (loaded.ok) return { valid: true, line: `valid; ${summary(loaded.value)}` }
  const { path, message } = loaded.error
  return { valid: false, line: path === '' ? message : `${path}: ${message}` }
}

function modelVerdict(bytes: Uint8Array): { readonly valid: boolean; readonly line: string } {
  const checked = checkGlb(bytes)
  if (checked.ok)
    return {
      valid: true,
      line: `valid; ${checked.value.triangles} triangles, ${checked.value.extent.toFixed(2)} units long`,
    }
  const { path, message } = checked.error
  return { valid: false, line: path === '' ? message : `${path}: ${message}` }
}

export function summary({ buildings, zones, equipment, cameras }: SiteFile): string {
  const points = equipment.reduce((sum, item) => sum + item.points.length, 0)
  return `${buildings.length} buildings, ${zones.length} zones, ${equipment.length} devices, ${points} points, ${cameras.length} cameras`
}
