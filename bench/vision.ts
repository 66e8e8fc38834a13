/**
 * `npm run bench -- vision`: what the pipeline adds to a bare run of the model, and what looking only where something is
 * new saves on a working day, at what cost in events. Memory over the day. With `--gpu`, the GPU's memory and its loss.
 */

import { startThread } from '../src/edge/ts-thread.ts'
import { ortBackends } from '../src/infer/ort-backend.ts'
import { createPark } from '../src/sim/park.ts'
import { machineLoad } from './machine-load.ts'
import { flagValue, rounded } from './model-card.ts'
import { Refusal, refuseUnknownFlags, wholeNumber } from './refusal.ts'
import { percentile } from './statistics.ts'
import { measureBatches } from './vision/batch.ts'
import type { DayAnswer, DayTask } from './vision/day.thread.ts'
import { eventF1, type TimedEvent } from './vision/day-scores.ts'
import { gpuFigures } from './vision/gpu.ts'
import { loadDetector, openDetector } from './vision/open-detector.ts'
import {
  camerasOf,
  type DayOptions,
  type DayPart,
  dayStart,
  frameOf,
  loadSite,
  openEyes,
  stepMs,
} from './vision/working-day.ts'

const help = `bench vision
  --model DIR     folder of the model (models/detector)
  --site FILE     site whose cameras look (public/sites/campus.site.json)
  --minutes N     length of the working day's piece (10)
  --hour H        local hour at which it begins (9.5)
  --threads N     that share the cameras, each with an engine of its own (2)
  --rounds N      pairs of runs for the overhead (300)
  --seed N        of the simulated day (11)
  --batch         instead: milliseconds a picture for 1, 2, 3 and 6 pictures a run
  --gpu           also: WebGPU in a headless Chromium, its memory over --gpu-looks N (24), and how long its loss costs;
                  given up after --gpu-limit S (420): software adapters compile slowly
`

const targets = { overBare: 1.15, savedShare: 0.7, f1Loss: 0.01, fewestEvents: 20, grownMb: 2, takeoverMs: 1000 }

type Figures = { readonly pass: boolean } & Record<string, unknown>

export async function benchVision(args: string[]): Promise<Figures> {
  if (args.includes('--help')) {
    process.stderr.write(help)
    return { pass: true }
  }
  refuseUnknownFlags(args, help)
  const flag = (name: string, otherwise: string) => flagValue(args, name) ?? otherwise
  const number = (name: string, otherwise: number, least = 1) => wholeNumber(name, flag(name, String(otherwise)), least)
  const model = flag('model', 'models/detector')
  const hour = Number(flag('hour', '9.5'))
  if (!(hour >= 0 && hour < 24)) throw new Refusal(`--hour ${flag('hour', '')}: an hour from 0 to 24 was expected`)
  if (args.includes('--batch')) return { pass: true, ...(await batches(model, number('rounds', 100))) }
  const site = flag('site', 'public/sites/campus.site.json')
  const cost = await overBare(site, model, number('rounds', 300))
  process.stderr.write(`overhead: ${JSON.stringify(cost)}\n`)
  const gpuLimitS = number('gpu-limit', 420)
  const gpu = args.includes('--gpu') && (await gpuFigures(model, number('gpu-looks', 24), gpuLimitS))
  if (gpu) process.stderr.write(`gpu: ${JSON.stringify(gpu)}\n`)
  else if (gpu === undefined) process.stderr.write(`gpu: not through within ${gpuLimitS} s\n`)
  const options = {
    site,
    minutes: number('minutes', 10),
    hour,
    seed: number('seed', 11, 0),
  }
  const day = dayFigures(await wholeDay(options, model, number('threads', 2)))
  const pass =
    cost.overBare <= targets.overBare &&
    day.savedShare >= targets.savedShare &&
    day.events >= targets.fewestEvents &&
    day.alwaysF1 - day.gatedF1 <= targets.f1Loss &&
    day.heapGrownMb <= targets.grownMb &&
    day.engineGrownMb === 0 &&
    (gpu === false || (gpu?.gpuGrownBytes === 0 && gpu.takeoverMs <= targets.takeoverMs))
  const gpuSaid = gpu === undefined ? { gpuNotThroughWithinS: gpuLimitS } : gpu
  return { pass, ...cost, minutes: options.minutes, hour: options.hour, ...day, ...gpuSaid, ...machineLoad() }
}

/** Frame in → placed tracks out, and a bare run of the same session on the same tensor, in turn. */
async function overBare(siteFile: string, folder: string, rounds: number) {
  const site = loadSite(siteFile)
  const model = await openDetector(folder)
  const park = createPark({ site, seed: 3, startMs: dayStart(site, 10), pastDays: 1 })
  const [eye] = openEyes(site, camerasOf(site).slice(0, 1))
  if (!eye) throw new Error('the site has no camera')
  const { input, output } = model.manifest
  const tensor = new Float32Array(input.shape.reduce((size, n) => size * n, 1)).fill(0.5)
  const feeds = { [input.name]: { data: tensor, dims: input.shape } }
  const [pipelineMs, bareMs]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    park.step(stepMs)
    const frame = frameOf(eye, eye.view.render(park.world()).rgba, round, park.nowMs())
    const startMs = performance.now()
    eye.always.wants(frame, startMs)
    const found = await model.detect(frame)
    eye.always.track(frame, found, output.sureScore, startMs)
    const middleMs = performance.now()
    await model.engine.run(feeds)
    const endMs = performance.now()
    if (round < rounds / 10) continue
    pipelineMs.push(middleMs - startMs)
    bareMs.push(endMs - middleMs)
  }
  await model.dispose()
  const [pipeline, bare] = [percentile(pipelineMs, 50), percentile(bareMs, 50)]
  return {
    overBare: rounded(pipeline / bare, 3),
    pipelineMs: rounded(pipeline, 3),
    bareMs: rounded(bare, 3),
    engine: model.engine.kind,
  }
}

async function batches(folder: string, rounds: number) {
  const [wasm] = ortBackends()
  if (!wasm) throw new Error('no WASM engine')
  const msPerPicture = await measureBatches(await loadDetector(folder), wasm, [1, 2, 3, 6], rounds)
  return { engine: 'wasm', msPerPicture, ...machineLoad() }
}

/** Cameras know nothing of one another here: they may be computed side by side. */
async function wholeDay(options: DayOptions, model: string, threads: number): Promise<DayPart[]> {
  const ids = camerasOf(loadSite(options.site)).map(({ id }) => id)
  const count = Math.max(1, Math.min(threads, ids.length))
  const shares = Array.from({ length: count }, (_, i) => ids.filter((_, camera) => camera % count === i))
  return Promise.all(shares.map((cameraIds) => dayOf({ ...options, model, cameraIds })))
}

function dayOf(task: DayTask): Promise<DayPart> {
  const thread = startThread(new URL('./vision/day.thread.ts', import.meta.url), task)
  const ended = new Promise<DayPart>((resolve, reject) => {
    thread.on('error', reject)
    thread.on('exit', (code) => reject(new Error(`a thread ended with ${code}`)))
    thread.on('message', (answer: DayAnswer) => {
      if ('part' in answer) resolve(answer.part)
      else process.stderr.write(`${task.cameraIds.join(', ')}: minute ${answer.minute}\n`)
    })
  })
  return ended.finally(() => thread.terminate())
}

function dayFigures(parts: readonly DayPart[]) {
  const sum = (pick: (part: DayPart) => number) => parts.reduce((total, part) => total + pick(part), 0)
  const [alwaysMs, gatedMs] = [sum((part) => part.alwaysMs), sum((part) => part.gatedMs)]
  const events = (who: keyof DayPart['events']): readonly TimedEvent[] => parts.flatMap((part) => part.events[who])
  const [truth, always, gated] = [events('truth'), events('always'), events('gated')]
  const endMs = Math.max(...parts.map((part) => part.endMs))
  const looks = parts.flatMap((part) => part.looks)
  const perMinute = (pick: (part: DayPart) => readonly number[]) =>
    (parts[0] ? pick(parts[0]) : []).map((_, minute) =>
      rounded(
        sum((part) => pick(part)[minute] ?? 0),
        1,
      ),
    )
  const heapMb = perMinute((part) => part.heapMb)
  const engineMb = perMinute((part) => part.engineMb)
  return {
    cameras: looks.length,
    threads: parts.length,
    savedShare: rounded(1 - gatedMs / alwaysMs, 3),
    alwaysMsPerLook: rounded(alwaysMs / looks.reduce((total, { frames }) => total + frames, 0), 2),
    lookedAt: Object.fromEntries(looks.map(({ cameraId, frames, looked }) => [cameraId, rounded(looked / frames, 3)])),
    events: truth.filter(({ atMs }) => atMs <= endMs).length,
    alwaysF1: rounded(eventF1(truth, always, endMs), 3),
    gatedF1: rounded(eventF1(truth, gated, endMs), 3),
    gatedAgainstAlways: rounded(eventF1(always, gated, endMs), 3),
    heapMb,
    heapGrownMb: grown(heapMb),
    engineMb,
    engineGrownMb: grown(engineMb),
  }
}

/** From the second minute on, when caches are full: the middle of the last third against the middle of the first. */
function grown(series: readonly number[]): number {
  const settled = series.slice(Math.min(2, series.length - 1))
  const third = Math.max(1, Math.floor(settled.length / 3))
  return rounded(percentile(settled.slice(-third), 50) - percentile(settled.slice(0, third), 50), 1)
}
