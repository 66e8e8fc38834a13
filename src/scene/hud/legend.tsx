import type { ReactNode } from 'react'
import { useText } from '../../ui/preferences.tsx'
import { healthLook } from '../data-layers/device-markers.ts'
import { healthStates } from '../data-layers/device-verdicts.ts'
import { type LayerScale, type SceneLayer, scaleOf, shareOf } from '../data-layers/layer-catalogue.ts'
import type { LayerFacts } from '../data-layers/layer-facts.ts'
import type { MarkerShape } from '../data-layers/marker-mesh.ts'
import { rampCss } from '../data-layers/ramps.ts'
import { useBelief, useHud, useViews } from './hud-context.tsx'

/** What the colours mean, what they are made of, and how old that is. */
export function Legend() {
  const text = useText()
  const layer = useViews((state) => state.layer)
  const facts = useViews((state) => (state.facts?.layer === state.layer ? state.facts : undefined))
  if (layer === 'none') return null
  const scale = scaleOf(layer)
  return (
    <section className="hud-key" aria-label={text.hud.legend(text.hud.layers[layer])}>
      <h2 className="hud-legend-title">
        {text.hud.layers[layer]}
        {scale && scale.unit !== '' && layer !== 'network' && <span className="hud-legend-unit">{scale.unit}</span>}
      </h2>
      <LegendBody layer={layer} facts={facts} />
    </section>
  )
}

function LegendBody({ layer, facts }: { readonly layer: SceneLayer; readonly facts: LayerFacts | undefined }) {
  switch (layer) {
    case 'energy':
      return <FlowLegend flow={facts?.flow} />
    case 'health':
      return <HealthLegend health={facts?.health} />
    case 'coverage':
      return <CoverageLegend coverage={facts?.coverage} />
    case 'network':
      return <NetworkLegend facts={facts} />
    default:
      return <ScaleLegend layer={layer} facts={facts} />
  }
}

function ScaleLegend({ layer, facts }: { readonly layer: SceneLayer; readonly facts: LayerFacts | undefined }) {
  const text = useText()
  const scale = scaleOf(layer)
  if (!scale) return null
  const { comfortEnds, occupancyEnds } = text.hud
  const words =
    layer === 'comfort'
      ? [comfortEnds.cold, comfortEnds.well, comfortEnds.warm]
      : layer === 'occupancy'
        ? [occupancyEnds.empty, occupancyEnds.present]
        : undefined
  return (
    <>
      <Scale scale={scale} facts={facts} words={words} />
      <Sources facts={facts} points={layer !== 'power'} />
    </>
  )
}

interface ScaleProps {
  readonly scale: LayerScale
  readonly facts: LayerFacts | undefined
  /** In place of numbers. */
  readonly words?: readonly string[] | undefined
}

function Scale({ scale, facts, words }: ScaleProps) {
  const { format } = useHud()
  const middle = (scale.low + scale.high) / 2
  const ticks = words ?? [scale.low, middle, scale.high].map((value) => format.number(value))
  const at = (value: number) => `${shareOf(scale, value) * 100}%`
  return (
    <div className="hud-legend-scale">
      <div className="hud-legend-bar" style={{ background: rampCss(scale.ramp) }}>
        {facts?.lowest !== undefined && facts.highest !== undefined && (
          <span
            className="hud-legend-range"
            style={{ left: at(facts.lowest), right: `calc(100% - ${at(facts.highest)})` }}
            title={`${format.number(facts.lowest, 1)} – ${format.number(facts.highest, 1)} ${scale.unit}`}
          />
        )}
      </div>
      <div className="hud-legend-ticks">
        {ticks.map((tick) => (
          <span key={tick}>{tick}</span>
        ))}
      </div>
    </div>
  )
}

/** How many readings, how old, how many not to be relied on. */
function Sources({ facts, points }: { readonly facts: LayerFacts | undefined; readonly points: boolean }) {
  const text = useText()
  const { format } = useHud()
  const nowMs = useBelief((state) => Math.floor(state.siteNowMs / 5000) * 5000)
  if (!facts) return null
  if (facts.samples === 0) return <p className="hud-legend-note">{text.hud.noReadings}</p>
  return (
    <>
      <p className="hud-legend-note">
        {text.hud.readings(format.number(facts.samples))}
        {facts.newestAtMs > 0 && ` · ${text.hud.newest(format.age(Math.max(0, nowMs - facts.newestAtMs)))}`}
        {facts.stale > 0 && ` · ${text.hud.staleCount(format.number(facts.stale))}`}
      </p>
      <p className="hud-legend-note hud-legend-keys">
        {points && (
          <span>
            <Mark shape="disc" color="var(--text-2)" /> {text.hud.sampleNote}
          </span>
        )}
        {facts.stale > 0 && (
          <span>
            <i className="hud-legend-hatch" /> {text.hud.staleNote}
          </span>
        )}
      </p>
    </>
  )
}

function FlowLegend({ flow }: { readonly flow: LayerFacts['flow'] }) {
  const text = useText()
  const { format } = useHud()
  const words = text.hud.flow
  const kw = (value: number) => `${format.number(Math.abs(value))} kW`
  const direction = (value: number, plus: string, minus: string) =>
    Math.abs(value) < 1 ? words.idle : value > 0 ? plus : minus
  return (
    <>
      {flow && (
        <dl className="hud-legend-list">
          <Row mark={<Line tone="low" />} name={words.grid} note={direction(flow.gridKw, words.imports, words.exports)}>
            {kw(flow.gridKw)}
          </Row>
          <Row mark={<Line tone="medium" />} name={words.solar}>
            {kw(flow.solarKw)}
          </Row>
          <Row
            mark={<Line tone="good" />}
            name={words.battery}
            note={direction(flow.batteryKw, words.charges, words.discharges)}
          >
            {kw(flow.batteryKw)}
          </Row>
          <Row mark={<Line tone="accent" />} name={words.load}>
            {kw(flow.gridKw + flow.solarKw - flow.batteryKw)}
          </Row>
        </dl>
      )}
      <p className="hud-legend-note">{words.width}</p>
    </>
  )
}

function HealthLegend({ health }: { readonly health: LayerFacts['health'] }) {
  const text = useText()
  const { format } = useHud()
  return (
    <dl className="hud-legend-list">
      {healthStates.map((state) => (
        <Row
          key={state}
          mark={<Mark shape={healthLook[state].shape} color={healthLook[state].color} />}
          name={text.hud.health[state]}
        >
          {health ? format.number(health[state]) : '–'}
        </Row>
      ))}
    </dl>
  )
}

function CoverageLegend({ coverage }: { readonly coverage: LayerFacts['coverage'] }) {
  const text = useText()
  const { format } = useHud()
  const words = text.hud.coverage
  return (
    <>
      <dl className="hud-legend-list">
        <Row mark={<i className="hud-legend-seen" />} name={words.seen}>
          {coverage ? format.percent(coverage.share) : '–'}
        </Row>
        <Row mark={<i className="hud-legend-blind" />} name={words.blind}>
          {coverage ? format.percent(1 - coverage.share) : '–'}
        </Row>
      </dl>
      <p className="hud-legend-note">
        {coverage && coverage.done < coverage.cameras
          ? words.working(format.number(coverage.done), format.number(coverage.cameras))
          : words.range}
      </p>
    </>
  )
}

function NetworkLegend({ facts }: { readonly facts: LayerFacts | undefined }) {
  const text = useText()
  const { format } = useHud()
  const scale = scaleOf('network')
  const words = text.hud.network
  const network = facts?.network
  if (!scale) return null
  const ends = [scale.low, scale.high / 2, scale.high].map((seconds) => format.age(seconds * 1000))
  return (
    <>
      <p className="hud-legend-note">{words.age}</p>
      <Scale scale={scale} facts={undefined} words={ends} />
      {network && (
        <p className="hud-legend-note">
          {words.median(format.age(network.ageS * 1000))} · {words.lost(format.percent(network.lost))} ·{' '}
          {words.jitter(format.percent(network.jitter))}
          {network.silent > 0 && ` · ${words.silent(format.number(network.silent))}`}
        </p>
      )}
      <p className="hud-legend-note hud-legend-keys">
        <span>
          <Mark shape="diamond" color="var(--text-2)" /> {words.poor}
        </span>
        <span>
          <Mark shape="cross" color={healthLook.offline.color} /> {text.hud.health.offline}
        </span>
      </p>
    </>
  )
}

interface RowProps {
  readonly mark: ReactNode
  readonly name: string
  readonly note?: string
  readonly children: ReactNode
}

function Row({ mark, name, note, children }: RowProps) {
  return (
    <div className="hud-legend-row">
      <dt>
        {mark}
        <span>{name}</span>
        {note !== undefined && <span className="hud-legend-aside">{note}</span>}
      </dt>
      <dd>{children}</dd>
    </div>
  )
}

function Line({ tone }: { readonly tone: 'low' | 'medium' | 'good' | 'accent' }) {
  return <i className={`hud-legend-line hud-legend-line-${tone}`} />
}

const shapes: Readonly<Record<MarkerShape, string>> = {
  disc: 'M8 2.500a5.500 5.500 0 1 1 0 11 5.500 5.500 0 0 1 0-11z',
  ring: 'M8 2.500a5.500 5.500 0 1 1 0 11 5.500 5.500 0 0 1 0-11zM8 5.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z',
  triangle: 'M8 2l6.500 11.500h-13z',
  square: 'M3 3h10v10H3z',
  diamond: 'M8 1.500L14.500 8 8 14.500 1.500 8z',
  cross: 'M4.200 2.200L8 6l3.800-3.800 2 2L10 8l3.800 3.800-2 2L8 10l-3.800 3.800-2-2L6 8 2.200 4.200z',
}

function Mark({ shape, color }: { readonly shape: MarkerShape; readonly color: string }) {
  return (
    <svg className="hud-legend-mark" viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">
      <path d={shapes[shape]} fill={color} fillRule="evenodd" />
    </svg>
  )
}
