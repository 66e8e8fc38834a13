/** `npm run check`: format, lint and import rules, types, unused code, unit tests, bundle budget. */
import { spawn } from 'node:child_process'
import { checkBundle } from './bundle-budget.ts'

const steps: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ['format, lint, import rules', 'npx', 'biome', 'check', '--error-on-warnings', '.'],
  ['types', 'npx', 'tsc', '--noEmit'],
  ['unused code', 'npx', 'knip', '--no-progress'],
  ['unit tests', 'npx', 'vitest', 'run', '--project', 'unit', '--reporter=dot'],
  ['build', 'npx', 'vite', 'build', '--logLevel', 'warn'],
]

function run(command: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit' })
    child.on('error', () => resolve(false))
    child.on('exit', (code) => resolve(code === 0))
  })
}

let failed = 0
for (const [name, command, ...args] of steps) {
  const startMs = performance.now()
  const passed = await run(command, args)
  process.stderr.write(`${passed ? '✔' : '✘'} ${name} (${((performance.now() - startMs) / 1000).toFixed(1)} s)\n`)
  if (!passed) failed++
}
const budget = checkBundle('dist')
process.stderr.write(`${budget.pass ? '✔' : '✘'} bundle budget: ${budget.report}\n`)
if (!budget.pass) failed++
process.exit(failed === 0 ? 0 : 1)
