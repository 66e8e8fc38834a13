/**
 * `npm run bench -- NAME [flags]` and `npm run eval -- NAME [flags]`: one final JSON line on standard output,
 * everything else on standard error.
 */
import { refusalLine } from './refusal.ts'

type Figures = { readonly pass: boolean } & Readonly<Record<string, unknown>>
interface Entry {
  readonly about: string
  readonly run: (flags: string[]) => Promise<Figures>
}

const benches: Readonly<Record<string, Entry>> = {
  ingest: {
    about: 'messages/s through the MQTT link into hot state ÷ raw WebSocket frames/s, same broker and messages',
    run: async (flags) => (await import('./ingest.ts')).benchIngest(flags),
  },
  scene: {
    about:
      'JS time per frame of a park ÷ a bare three.js scene of as many draws and instances; draw calls, picks, growth',
    run: async (flags) => (await import('./scene.ts')).benchScene(flags),
  },
  switch: {
    about: 'fifty changes of site: GPU objects and JavaScript heap before and after',
    run: async (flags) => (await import('./switch.ts')).benchSwitch(flags),
  },
  floor: {
    about: 'the console without a GPU while readings arrive: frames a second, and main-thread tasks over 50 ms',
    run: async (flags) => (await import('./floor.ts')).benchFloor(flags),
  },
  vision: {
    about:
      'frame in → tracks out ÷ a bare run of the model; inference saved on a working day, and at what cost in events',
    run: async (flags) => (await import('./vision.ts')).benchVision(flags),
  },
  twin: {
    about: 'a district of 10 000 devices: time to generate, to check, and to be born in the twin; longest slice',
    run: async (flags) => (await import('./twin.ts')).benchTwin(flags),
  },
  loop: {
    about: 'event in the simulated world → verified reported state: p50, p95, split into the four stages',
    run: async (flags) => (await import('./loop.ts')).benchLoop(flags),
  },
}

const evaluations: Readonly<Record<string, Entry>> = {
  vision: {
    about: 'held-out virtual cameras: the detector’s card, F1 of events over clips with distractors, error of places',
    run: async (flags) => (await import('./eval-vision.ts')).evalVision(flags),
  },
  models: {
    about: 'every figure on the cards of the shipped models, reproduced on held-out data',
    run: async (flags) => (await import('./eval-models.ts')).evalModels(flags),
  },
  track: {
    about: 'MOTA, IDF1, HOTA of the tracker on real sequences, beside plain SORT on the same detections',
    run: async (flags) => (await import('./eval-track.ts')).evalTrack(flags),
  },
  detect: {
    about: 'AP and AP50 by COCO’s rules of any detector on any annotated pictures, ms per frame per engine',
    run: async (flags) => (await import('./eval-detect.ts')).evalDetect(flags),
  },
}

async function main(): Promise<number> {
  const [kind, name, ...flags] = process.argv.slice(2)
  const entries = kind === 'eval' ? evaluations : benches
  if (name === undefined || name === '--help') {
    process.stdout.write(`npm run ${kind} -- NAME [flags]\n\n`)
    for (const [key, entry] of Object.entries(entries)) process.stdout.write(`  ${key.padEnd(10)} ${entry.about}\n`)
    process.stdout.write('\nNAME --help lists its flags.\n')
    return name === undefined ? 2 : 0
  }
  const entry = entries[name]
  if (!entry) {
    process.stderr.write(`unknown ${kind} “${name}”; there are: ${Object.keys(entries).join(', ')}\n`)
    return 1
  }
  console.log = console.error
  const { pass, ...figures } = await entry.run(flags)
  process.stdout.write(`${JSON.stringify({ name, pass, ...figures })}\n`)
  return pass ? 0 : 1
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const line = refusalLine(error)
    const whole = error instanceof Error ? (error.stack ?? error.message) : String(error)
    process.stderr.write(`${line ?? whole}\n`)
    process.exit(line === undefined ? 2 : 1)
  },
)
