/** `npm run site -- validate FILE`: checks a site file and names the path of what is wrong. */
import { readFileSync } from 'node:fs'
import { loadSite } from '../site/load.ts'

const usage = 'npm run site -- validate FILE'

function main(args: readonly string[]): number {
  const [verb, file] = args
  if (verb !== 'validate' || file === undefined) {
    process.stderr.write(`${usage}\n`)
    return verb === '--help' ? 0 : 2
  }
  let bytes: Uint8Array
  try {
    bytes = readFileSync(file)
  } catch (error) {
    process.stderr.write(`${file}: ${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
  const loaded = loadSite(bytes)
  if (!loaded.ok) {
    const where = loaded.error.path === '' ? '' : `${loaded.error.path}: `
    process.stderr.write(`${file}: ${where}${loaded.error.message}\n`)
    return 1
  }
  const { buildings, zones, equipment, cameras } = loaded.value
  const points = equipment.reduce((sum, item) => sum + item.points.length, 0)
  process.stdout.write(
    `${file}: valid; ${buildings.length} buildings, ${zones.length} zones, ${equipment.length} devices, ${points} points, ${cameras.length} cameras\n`,
  )
  return 0
}

process.exit(main(process.argv.slice(2)))
