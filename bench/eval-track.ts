/**
 * How well the app's tracker follows people through real sequences, beside plain SORT on the same detections. The
 * tracker is the app's own code, and works as in the app: each frame is answered before the next one is seen.
 */
import { basename, resolve } from 'node:path'
import { advanceTracks, defaultTracker, emptyTracker, visibleTracks } from '../src/infer/tracker.ts'
import { rounded } from './model-card.ts'
import { withoutDistractors } from './mot/distractors.ts'
import { type Looks, looksFromFile, looksFromModel } from './mot/looks.ts'
import { countTracks, type TrackCounts, type TrackFigures, trackFigures } from './mot/metrics.ts'
import { plainSort } from './mot/plain-sort.ts'
import { findSequences, type MotFrames, type MotSequence, readSequence } from './mot/sequence.ts'
import { Refusal, refusalLine } from './refusal.ts'

const help = `eval track
  --mot DIR [DIR …]   sequences in MOTChallenge form (gt/gt.txt, seqinfo.ini), or folders of them, three levels deep
  --detections FILE   detections in MOTChallenge form; without it each sequence's own det/det.txt
  --model PATH        instead: run this model (folder, or bare .onnx) on img1/ or the film, decoded by ffmpeg;
                      a frame without a picture is one in which nothing is found
  --sure SCORE        score from which a detection of a file is rather right than wrong; else told by the file's scores
`

/** What has to be better than plain SORT: IDF1 everywhere, and MOTA by this many points in the mean. */
const leastMotaGain = 5

interface Asked {
  readonly folders: readonly string[]
  readonly detections?: string
  readonly model?: string
  readonly sure?: number
}

interface Outcome {
  readonly sequence: string
  readonly msPerFrame?: number
  readonly unseen?: number
  readonly ours: TrackCounts
  readonly sort: TrackCounts
}

export async function evalTrack(flags: string[]) {
  if (flags.includes('--help')) {
    process.stderr.write(help)
    return { pass: true }
  }
  const asked = await parseFlags(flags)
  const { outcomes, refused } = await judgeAll(asked)
  const [first, ...more] = refused
  if (first && outcomes.length === 0)
    throw new Refusal(`${first.why}${more.length > 0 ? `; ${more.length} more refused` : ''}`)
  report(outcomes)
  const sequences = outcomes.map((outcome) => ({
    sequence: outcome.sequence,
    ...(outcome.msPerFrame !== undefined && { msPerFrame: rounded(outcome.msPerFrame, 2) }),
    ...(outcome.unseen && { unseen: outcome.unseen }),
    ours: tidy(trackFigures([outcome.ours])),
    sort: tidy(trackFigures([outcome.sort])),
  }))
  const motaGain = mean(sequences.map(({ ours, sort }) => ours.mota - sort.mota))
  const leastIdf1Gain = Math.min(...sequences.map(({ ours, sort }) => ours.idf1 - sort.idf1))
  return {
    pass: refused.length === 0 && motaGain >= leastMotaGain && leastIdf1Gain > 0,
    detector: asked.model ? basename(asked.model) : 'files',
    motaGain: rounded(motaGain, 2),
    leastIdf1Gain: rounded(leastIdf1Gain, 2),
    overall: {
      ours: tidy(trackFigures(outcomes.map(({ ours }) => ours))),
      sort: tidy(trackFigures(outcomes.map(({ sort }) => sort))),
    },
    sequences,
    ...(refused.length > 0 && { refused }),
  }
}

interface Refused {
  readonly sequence: string
  readonly why: string
}

/** A sequence that cannot be judged costs none of the others its figures. */
async function judgeAll(asked: Asked): Promise<{ readonly outcomes: Outcome[]; readonly refused: Refused[] }> {
  const outcomes: Outcome[] = []
  const refused: Refused[] = []
  for (const folder of asked.folders) {
    try {
      outcomes.push(await judge(await readSequence(folder, asked.detections), asked))
    } catch (error) {
      const why = refusalLine(error)
      if (why === undefined) throw error
      refused.push({ sequence: basename(resolve(folder)), why })
    }
  }
  if (outcomes.length > 0)
    for (const { sequence, why } of refused) process.stderr.write(`${sequence} is refused: ${why}\n`)
  return { outcomes, refused }
}

async function parseFlags(flags: readonly string[]): Promise<Asked> {
  const values = new Map<string, string[]>()
  let current: string[] = []
  for (const flag of flags) {
    if (!flag.startsWith('--')) {
      current.push(flag)
      continue
    }
    current = []
    values.set(flag.slice(2), current)
  }
  const one = (name: string) => values.get(name)?.[0]
  const stray = [...values.keys()].filter((name) => !['mot', 'detections', 'model', 'sure'].includes(name))
  const mot = values.get('mot') ?? []
  const folders = (await Promise.all(mot.map(findSequences))).flat()
  const sure = one('sure') === undefined ? undefined : Number(one('sure'))
  const refuse = (why: string): never => {
    throw new Refusal(`${why}; --help lists the flags`)
  }
  if (stray.length > 0) refuse(`unknown: --${stray.join(', --')}`)
  if (folders.length === 0) refuse('--mot names no sequence')
  if (one('detections') !== undefined && folders.length > 1) refuse('--detections FILE belongs to one sequence')
  if (sure !== undefined && !(sure > 0 && sure < 1)) refuse('--sure is a score between 0 and 1')
  const [detections, model] = [one('detections'), one('model')]
  return {
    folders,
    ...(detections !== undefined && { detections }),
    ...(model !== undefined && { model }),
    ...(sure !== undefined && { sure }),
  }
}

async function judge(sequence: MotSequence, asked: Asked): Promise<Outcome> {
  const looks = asked.model ? await looksFromModel(sequence, asked.model) : looksFromFile(sequence, asked.sure)
  const counted = (tracks: MotFrames) => withoutDistractors(tracks, sequence.annotated)
  return {
    sequence: sequence.name,
    ...(looks.msPerFrame !== undefined && { msPerFrame: looks.msPerFrame }),
    ...(looks.unseen !== undefined && { unseen: looks.unseen }),
    ours: countTracks(sequence.truth, counted(followed(looks))),
    sort: countTracks(
      sequence.truth,
      counted(plainSort(looks.frames.map((frame) => frame.map(({ score, box }) => ({ id: -1, score, box }))))),
    ),
  }
}

function followed({ frames, sureScore, framesPerS }: Looks): MotFrames {
  const settings = { ...defaultTracker, sureScore }
  let state = emptyTracker
  return frames.map((found, frame) => {
    state = advanceTracks(state, found, (frame * 1000) / framesPerS, settings)
    return visibleTracks(state, '').map(({ id, score, box }) => ({ id: Number(id.slice(1)), score, box }))
  })
}

const columns = ['MOTA', 'MOTP', 'IDF1', 'HOTA', 'IDs', 'Frag', 'FP', 'FN'] as const

function report(outcomes: readonly Outcome[]): void {
  const line = (name: string, who: string, cells: readonly string[]) =>
    process.stderr.write(`${name.padEnd(18)}${who.padEnd(6)}${cells.map((cell) => cell.padStart(7)).join('')}\n`)
  const row = (name: string, who: string, one: TrackFigures) =>
    line(name, who, [
      ...[one.mota, one.motp, one.idf1, one.hota].map((share) => share.toFixed(1)),
      ...[one.idSwitches, one.fragments, one.falsePositives, one.falseNegatives].map(String),
    ])
  line('', '', columns)
  for (const { sequence, ours, sort } of outcomes) {
    row(sequence, 'ours', trackFigures([ours]))
    row('', 'SORT', trackFigures([sort]))
  }
  if (outcomes.length < 2) return
  const all = (pick: (outcome: Outcome) => TrackCounts) => trackFigures(outcomes.map(pick))
  row(
    'overall',
    'ours',
    all(({ ours }) => ours),
  )
  row(
    '',
    'SORT',
    all(({ sort }) => sort),
  )
}

const tidy = (figures: TrackFigures) =>
  Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, rounded(value, 2)]),
  ) as unknown as TrackFigures

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
