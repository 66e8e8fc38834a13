import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { siteJson } from '../site/compose/site-json.ts'
import { epsgOf, projectionOf } from '../site/import/geodesy.ts'
import { type ImportOptions, importSite, type SourceFile } from '../site/import/import-site.ts'
import { loadSite } from '../site/load.ts'
import { isTimeZone } from '../site/time-zone.ts'
import { summary } from './site-validate.ts'
import { reasonOf } from './start-error.ts'

const mostBytes = 256 * 1024 * 1024

/** Reads foreign building files and writes a site file, to standard output unless `--out` names a file. */
export function importFiles(args: readonly string[]): number {
  let request: ReturnType<typeof requestOf>
  try {
    request = requestOf(args)
  } catch (error) {
    process.stderr.write(`${reasonOf(error)}\n`)
    return 2
  }
  const imported = importSite(request.files, request.options)
  if (!imported.ok) return refuse(imported.error)
  const { site, notes } = imported.value
  const text = siteJson(site)
  const parsed = loadSite(new TextEncoder().encode(text))
  if (!parsed.ok) return refuse(parsed.error)
  try {
    if (request.out === undefined) process.stdout.write(text)
    else writeWhole(request.out, text)
  } catch (error) {
    return refuse({ path: request.out ?? '', message: reasonOf(error) })
  }
  for (const note of notes) process.stderr.write(`note: ${note}\n`)
  process.stderr.write(`${request.out ?? site.id}: ${summary(parsed.value)}\n`)
  return 0
}

/** All of it or nothing: a full disk leaves what was there before. */
function writeWhole(path: string, text: string): void {
  const beside = `${path}.${process.pid}.part`
  try {
    writeFileSync(beside, text)
    renameSync(beside, path)
  } catch (error) {
    rmSync(beside, { force: true })
    throw error
  }
}

function refuse({ path, message }: { readonly path: string; readonly message: string }): number {
  process.stderr.write(`${path === '' ? '' : `${path}: `}${message}\n`)
  return 1
}

function requestOf(args: readonly string[]): {
  readonly files: SourceFile[]
  readonly options: ImportOptions
  readonly out: string | undefined
} {
  const text = { type: 'string' } as const
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      ...{ out: text, name: text, id: text, at: text, crs: text },
      ...{ 'time-zone': text, 'utc-offset': text, currency: text },
      equip: { type: 'boolean' },
    },
    allowPositionals: true,
    strict: true,
  })
  if (positionals.length === 0) throw new Error('name at least one file of GeoJSON, Overpass JSON or CityJSON')
  const files = positionals.map((path): SourceFile => {
    const { size } = statSync(path)
    if (size > mostBytes) throw new Error(`${path}: ${size} bytes, at most ${mostBytes}`)
    return { name: basename(path), text: readFileSync(path, 'utf8').replace(/^\uFEFF/, '') }
  })
  const stem = basename(positionals[0] ?? 'site').replace(/(\.city)?\.(geo)?json[l]?$/i, '')
  const id =
    values.id ??
    (stem
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, '-')
      .replace(/^[^a-z0-9]+/, '')
      .slice(0, 40) ||
      'site')
  const at = values.at?.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  if (at && !(at.length === 2 && Math.abs(at[0] as number) <= 90 && Math.abs(at[1] as number) <= 180))
    throw new Error('--at must be LATITUDE,LONGITUDE')
  const epsg = values.crs === undefined ? undefined : epsgOf(values.crs.trim())
  if (values.crs !== undefined && (epsg === undefined || !projectionOf(epsg)))
    throw new Error(`--crs must be an EPSG code that is known here, not “${values.crs}”`)
  const offset = values['utc-offset']
  if (offset !== undefined && !(/^-?\d+$/.test(offset) && Number(offset) >= -720 && Number(offset) <= 840))
    throw new Error('--utc-offset must be whole minutes from -720 to 840')
  const timeZone = values['time-zone']
  if (timeZone !== undefined && !isTimeZone(timeZone))
    throw new Error(`--time-zone must be a zone such as Asia/Shanghai, not “${timeZone}”`)
  if (timeZone !== undefined && offset !== undefined)
    throw new Error('--time-zone says the clock already, without --utc-offset')
  const currency = values.currency?.trim().toUpperCase()
  if (currency !== undefined && !/^[A-Z]{3}$/.test(currency))
    throw new Error(`--currency must be three letters such as CNY, not “${values.currency}”`)
  return {
    files,
    out: values.out,
    options: {
      id,
      name: values.name ?? stem.replace(/[_-]+/g, ' ').trim(),
      ...(at && { at: { latDeg: at[0] as number, lonDeg: at[1] as number } }),
      ...(offset !== undefined && { utcOffsetMinutes: Number(offset) }),
      ...(timeZone !== undefined && { timeZone }),
      ...(currency !== undefined && { currency }),
      ...(epsg !== undefined && { epsg }),
      ...(values.equip && { equip: true }),
    },
  }
}
