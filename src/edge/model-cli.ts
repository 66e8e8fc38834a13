/** `npm run model -- VERB …`: lists, fetches and checks detectors. Results on standard output, all else on standard error. */
import { ortBackends } from '../infer/ort-backend.ts'
import { systemClock } from '../platform/clock.ts'
import { addModel, checkModel, type ModelTools } from './model-add.ts'
import { recommendedModels } from './model-recommended.ts'

const usage = `npm run model -- list
    public detectors known to plug in, with licence and address

npm run model -- add NAME|URL|FILE [--to DIR]
    fetches (and goes on where it broke off), checks, runs once and writes DIR/NAME/model.json (DIR: models)

npm run model -- check DIR
    holds a model's folder to its model.json
`

const say = (line: string) => void process.stdout.write(`${line}\n`)

function tools(): ModelTools {
  const [backend] = ortBackends()
  if (!backend) throw new Error('no WASM engine')
  return { clock: systemClock, backend, progress: progressLine() }
}

/** At most one line a second where nobody watches, one that moves where somebody does. */
function progressLine(): (doneBytes: number, totalBytes: number | undefined) => void {
  let saidMs = Number.NEGATIVE_INFINITY
  return (done, total) => {
    const nowMs = systemClock.monotonicMs()
    if (nowMs - saidMs < (process.stderr.isTTY ? 100 : 1000) && done !== total) return
    saidMs = nowMs
    const share = total === undefined ? '' : ` of ${megabytes(total)} (${Math.floor((100 * done) / total)} %)`
    process.stderr.write(
      `${process.stderr.isTTY ? '\r' : ''}${megabytes(done)}${share}${process.stderr.isTTY ? ' ' : '\n'}`,
    )
    if (done === total && process.stderr.isTTY) process.stderr.write('\n')
  }
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`

function list(): number {
  for (const { name, about, licence, url, howTo, sha256, publishedAp } of recommendedModels) {
    say(`${name}: ${about}${publishedAp === undefined ? '' : `; published AP ${publishedAp}`}`)
    say(`    licence ${licence}`)
    say(`    ${url ?? howTo}`)
    if (sha256 !== undefined) say(`    sha256 ${sha256}`)
  }
  return 0
}

async function add(args: readonly string[]): Promise<number> {
  const at = args.indexOf('--to')
  const to = at >= 0 ? args[at + 1] : 'models'
  const [what, ...more] = at >= 0 ? args.filter((_, i) => i !== at && i !== at + 1) : args
  if (what === undefined || to === undefined || more.length > 0) return wrong()
  const added = await addModel(what, to, tools())
  if (!added.ok) return failed(added.error)
  for (const note of added.value.notes) say(note)
  return 0
}

async function check([folder]: readonly string[]): Promise<number> {
  if (folder === undefined) return wrong()
  const checked = await checkModel(folder, tools())
  if (!checked.ok) return failed(`${folder}: ${checked.error}`)
  for (const line of checked.value) say(line)
  return 0
}

function failed(why: string): number {
  process.stderr.write(`${why}\n`)
  return 1
}

function wrong(): number {
  process.stderr.write(usage)
  return 2
}

const [verb, ...args] = process.argv.slice(2)
const run = verb === 'list' ? list : verb === 'add' ? add : verb === 'check' ? check : wrong
Promise.resolve(run(args)).then(
  (code) => process.exit(verb === '--help' ? 0 : code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    process.exit(1)
  },
)
