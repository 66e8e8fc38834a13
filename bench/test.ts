/** `npm test`: unit, integration and browser tests; closing line `N passed, N failed`. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { findChromium } from './chromium.ts'

interface Tally {
  passed: number
  failed: number
  skipped: number
}

const vitestReport = v.object({ numPassedTests: v.number(), numFailedTests: v.number(), numPendingTests: v.number() })
const playwrightReport = v.object({
  stats: v.object({ expected: v.number(), unexpected: v.number(), flaky: v.number(), skipped: v.number() }),
})

function run(command: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } })
    child.on('error', () => resolve(127))
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

/** A runner that died before it wrote its report counts as one failure. */
function readReport<S extends v.GenericSchema>(path: string, schema: S): v.InferOutput<S> | undefined {
  try {
    return v.parse(schema, JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return undefined
  }
}

async function main(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'parkloop-test-'))
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 }
  try {
    const unitPath = join(folder, 'unit.json')
    const unitCode = await run('npx', [
      'vitest',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${unitPath}`,
    ])
    const unit = readReport(unitPath, vitestReport)
    tally.passed += unit?.numPassedTests ?? 0
    tally.failed += unit ? Math.max(unit.numFailedTests, unitCode === 0 ? 0 : 1) : 1
    tally.skipped += unit?.numPendingTests ?? 0

    const chromium = findChromium()
    if ((await run('npx', ['vite', 'build', '--logLevel', 'warn'])) !== 0) tally.failed++
    const browserPath = join(folder, 'browser.json')
    const browserCode = await run('npx', ['playwright', 'test', '--reporter=list,json'], {
      PARKLOOP_CHROMIUM: chromium,
      PLAYWRIGHT_JSON_OUTPUT_NAME: browserPath,
    })
    const browser = readReport(browserPath, playwrightReport)?.stats
    tally.passed += (browser?.expected ?? 0) + (browser?.flaky ?? 0)
    tally.failed += browser ? Math.max(browser.unexpected, browserCode === 0 ? 0 : 1) : 1
    tally.skipped += browser?.skipped ?? 0
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : ''
  process.stdout.write(`\n${tally.passed} passed, ${tally.failed} failed${skipped}\n`)
  return tally.failed === 0 && tally.passed > 0 ? 0 : 1
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.stdout.write('0 passed, 1 failed\n')
    process.exit(1)
  },
)
