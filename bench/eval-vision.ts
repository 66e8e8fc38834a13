/**
 * Perception as a whole on cameras that nobody trained on: the detector's card, then clips with events, near misses and
 * distractors through the real pipeline, judged against the simulation's truth.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { startThread } from '../src/edge/ts-thread.ts'
import { loadModel } from '../src/infer/model-manifest.ts'
import { evalDetector } from './eval-detector.ts'
import { flagValue, modelFolder } from './model-card.ts'
import { Refusal, refuseUnknownFlags, wholeNumber } from './refusal.ts'
import { percentile } from './statistics.ts'
import type { EpisodesAnswer, EpisodesTask } from './vision/episodes.thread.ts'
import { bootstrapF1, countEvents, f1Of, sumCounts, toleranceNote } from './vision/event-scores.ts'
import type { EpisodeResult } from './vision/run-episode.ts'

/**
 * Rules and thresholds were settled on clips from `developmentSeed` on. Reported figures come from `reportedSeed` on,
 * which nobody looked at while settling them. The detector never trained on either.
 */
const developmentSeed = 960_000
const reportedSeed = 930_000
const targets = { f1: 0.95, medianPlaceErrorM: 0.6, withinM: 40 }

const help = `eval vision
  --episodes N   clips (200), --seed N first seed (${reportedSeed} reported; ${developmentSeed} development)
  --model DIR    folder of the model (models/detector)
  --site FILE    site whose cameras are tried; may be given more than once (public/sites/campus.site.json)
  --only-sites   no random parks
  --threads N    clips at a time (2)
  --journal FILE each finished clip as a line; a run that finds the file goes on where it ended
  --no-card      leave the detector's own figures out
`

export async function evalVision(args: string[]): Promise<{ pass: boolean } & Record<string, unknown>> {
  if (args.includes('--help')) {
    process.stderr.write(help)
    return { pass: true }
  }
  refuseUnknownFlags(args, help)
  const flag = (name: string, otherwise: string) => flagValue(args, name) ?? otherwise
  const number = (name: string, otherwise: number, least: number) =>
    wholeNumber(name, flag(name, String(otherwise)), least)
  const model = flag('model', 'models/detector')
  const task: EpisodesTask = {
    model,
    sites: sitesOf(args),
    onlySites: args.includes('--only-sites'),
    seed: number('seed', reportedSeed, 0),
  }
  const count = number('episodes', 200, 1)
  const results = await runAll(task, count, number('threads', 2, 1), flagValue(args, 'journal'))
  const figures = summarise(results)
  const card = args.includes('--no-card') ? undefined : await evalDetector(['--model', model])
  const pass =
    figures.eventF1 >= targets.f1 && figures.placeErrorMedianM <= targets.medianPlaceErrorM && card?.pass !== false
  return { pass, seeds: `${task.seed}…${task.seed + count - 1}`, ...figures, ...(card && { detector: card.figures }) }
}

function sitesOf(args: readonly string[]): string[] {
  const given = args.flatMap((arg, i) => (arg === '--site' ? [args[i + 1] ?? ''] : []))
  return given.length > 0 ? given : ['public/sites/campus.site.json']
}

async function runAll(
  task: EpisodesTask,
  count: number,
  threads: number,
  journal: string | undefined,
): Promise<EpisodeResult[]> {
  const key = await keyOf(task)
  const done = journal ? readJournal(journal, key) : new Map<number, EpisodeResult>()
  if (journal) mkdirSync(dirname(journal), { recursive: true })
  const waiting = Array.from({ length: count }, (_, i) => i).filter((i) => !done.has(i))
  const note = ({ index, result }: { index: number; result: EpisodeResult }) => {
    done.set(index, result)
    if (journal) appendFileSync(journal, `${JSON.stringify({ key, index, result })}\n`)
    if (done.size % 10 === 0) process.stderr.write(`${done.size} of ${count} clips\n`)
  }
  await Promise.all(Array.from({ length: Math.min(threads, waiting.length) }, () => runThread(task, waiting, note)))
  return Array.from({ length: count }, (_, i) => done.get(i)).filter((result) => result !== undefined)
}

/** Figures of another model, of other scores to begin a track with or of other sites are not ours. */
async function keyOf({ model, ...rest }: EpisodesTask): Promise<string> {
  const loaded = await loadModel(modelFolder(model))
  if (!loaded.ok) throw new Refusal(loaded.error.message)
  const { sha256, output } = loaded.value.manifest as { sha256?: string; output?: unknown }
  return JSON.stringify([sha256, output, rest])
}

function readJournal(path: string, key: string): Map<number, EpisodeResult> {
  if (!existsSync(path)) return new Map()
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean)
  const rows = lines.map((line) => JSON.parse(line) as { key: string; index: number; result: EpisodeResult })
  return new Map(rows.filter((row) => row.key === key).map(({ index, result }) => [index, result]))
}

function runThread(
  task: EpisodesTask,
  waiting: number[],
  note: (done: { index: number; result: EpisodeResult }) => void,
): Promise<void> {
  const thread = startThread(new URL('./vision/episodes.thread.ts', import.meta.url), task)
  const ended = new Promise<void>((resolve, reject) => {
    thread.on('error', reject)
    thread.on('message', (answer: 'ready' | EpisodesAnswer) => {
      if (answer !== 'ready') {
        if ('fault' in answer) return reject(new Error(`clip ${answer.index}: ${answer.fault}`))
        note(answer)
      }
      const next = waiting.shift()
      if (next === undefined) resolve()
      else thread.postMessage(next)
    })
  })
  return ended.finally(() => thread.terminate())
}

const round = (x: number) => Math.round(x * 1000) / 1000

function summarise(results: readonly EpisodeResult[]) {
  const counts = results.map((clip) => countEvents(clip))
  const total = sumCounts(counts)
  const types = [...new Set(results.flatMap(({ truth, said }) => [...truth, ...said].map(({ type }) => type)))].sort()
  const perType = types.map((type) => {
    const sum = sumCounts(results.map((clip) => countEvents(clip, type)))
    return [type, { f1: round(f1Of(sum)), ...sum }] as const
  })
  const quiet = results.filter(({ truth }) => truth.length === 0)
  const empty = results.filter(({ kind }) => kind === 'nothing')
  const falsePerHour = (clips: readonly EpisodeResult[]) => {
    const wrong = clips.reduce((sum, clip) => sum + countEvents(clip).wrong, 0)
    return round(wrong / Math.max(1e-9, clips.reduce((sum, clip) => sum + clip.durationS, 0) / 3600))
  }
  const near = results.flatMap(({ places }) => places.filter(([, rangeM]) => rangeM <= targets.withinM))
  const errors = near.map(([, , errorM]) => errorM)
  const people = near.filter(([className]) => className === 'person').map(([, , errorM]) => errorM)
  const looks = results.reduce((sum, clip) => sum + clip.looks, 0)
  return {
    episodes: results.length,
    eventF1: round(f1Of(total)),
    eventF1Low95: round(bootstrapF1(counts)[0]),
    eventF1High95: round(bootstrapF1(counts)[1]),
    ...total,
    tolerance: toleranceNote,
    perType: Object.fromEntries(perType),
    placeErrorMedianM: round(percentile(errors, 50)),
    placeErrorP90M: round(percentile(errors, 90)),
    personPlaceErrorMedianM: round(percentile(people, 50)),
    personPlaceErrorP90M: round(percentile(people, 90)),
    withinTwoSigma: round(near.filter(([, , e, sigma]) => e <= 2 * sigma).length / Math.max(1, near.length)),
    placed: near.length,
    emptyClips: empty.length,
    falseEventsPerCameraHourEmpty: falsePerHour(empty),
    quietClips: quiet.length,
    falseEventsPerCameraHourQuiet: falsePerHour(quiet),
    engineMsPerLook: round(results.reduce((sum, clip) => sum + clip.engineMs, 0) / Math.max(1, looks)),
    framesSavedByGate: round(
      1 -
        looks /
          Math.max(
            1,
            results.reduce((sum, clip) => sum + clip.frames, 0),
          ),
    ),
  }
}
