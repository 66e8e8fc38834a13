import type { InspectedDetector, TriedDetector } from '../../contract/model-port.ts'
import { wordText } from '../../ui/i18n/language.ts'
import { useText } from '../../ui/preferences.tsx'
import { useFormat, useNames } from '../use-twin.ts'

/** What the file is, before anything of it runs for the cameras. */
export function ModelFacts({ inspected }: { readonly inspected: InspectedDetector }) {
  const words = useText().models
  const format = useFormat()
  const { bytes, sha256, opset, operatorCount, notOnWebGpu, notes } = inspected
  return (
    <section className="model-facts" aria-label={words.facts}>
      <dl>
        <dt>{words.size}</dt>
        <dd>{bytes < 1e6 ? `${format.number(bytes / 1e3, 1)} kB` : `${format.number(bytes / 1e6, 1)} MB`}</dd>
        <dt>SHA-256</dt>
        <dd className="model-hash">{sha256}</dd>
        <dt>{words.operators}</dt>
        <dd>{words.operatorsOf(operatorCount, opset)}</dd>
        <dt>WASM</dt>
        <dd>{words.allRun}</dd>
        <dt>WebGPU</dt>
        <dd>{notOnWebGpu.length === 0 ? words.allRun : words.notOnWebGpu(notOnWebGpu.join(', '))}</dd>
      </dl>
      {notes.length > 0 && <p className="form-note">{words.guessed(notes.join(' · '))}</p>}
    </section>
  )
}

/** What the dry run showed; a wrong description shows here, not in the park. */
export function TrialReport({ tried }: { readonly tried: TriedDetector }) {
  const text = useText()
  const words = text.models
  const names = useNames()
  const format = useFormat()
  const { engine, why, onBlank, onFrame } = tried
  const seen = onFrame?.found.map(
    ({ className, score }) => `${wordText(text.cameras.classes, className)} ${format.number(score, 2)}`,
  )
  return (
    <section className="model-trial" role="status" aria-label={words.trial}>
      <p>{words.runsOn(engine === 'webgpu' ? 'WebGPU' : 'WASM', why)}</p>
      <p>{words.onBlank(onBlank)}</p>
      <p>
        {onFrame && seen
          ? words.onFrame(names.thing(onFrame.cameraId), format.duration(onFrame.ms), seen.join(', '))
          : words.noFrame}
      </p>
    </section>
  )
}
