import type { StageTimes } from '../../contract/decision.ts'
import { Section } from '../../ui/layout.tsx'
import { useText } from '../../ui/preferences.tsx'
import { useFormat } from '../use-twin.ts'
import { stageWalk } from './incident-model.ts'

/** The loop's stages with the time each took. */
export function StageWalk({ times }: { readonly times: StageTimes }) {
  const text = useText()
  const format = useFormat()
  const total =
    times.sensedAtMs !== undefined && times.verifiedAtMs !== undefined
      ? times.verifiedAtMs - times.sensedAtMs
      : undefined
  return (
    <Section
      title={text.stages.title}
      aside={
        total !== undefined && (
          <span className="section-aside">{`${text.stages.total}: ${format.duration(total)}`}</span>
        )
      }
    >
      <ol className="stages">
        {stageWalk(times).map(({ stage, atMs, tookMs }) => (
          <li key={stage} className={atMs === undefined ? 'stage' : 'stage stage-done'}>
            <span className="stage-dot" aria-hidden="true" />
            <span className="stage-name">{text.stages[stage]}</span>
            <span className="stage-time">{atMs === undefined ? text.stages.pending : format.clock(atMs)}</span>
            <span className="stage-took">{tookMs === undefined ? '' : `+${format.duration(tookMs)}`}</span>
          </li>
        ))}
      </ol>
    </Section>
  )
}
