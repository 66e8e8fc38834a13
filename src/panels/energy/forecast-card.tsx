import { Suspense, useMemo } from 'react'
import { bandRows, tariffSpans } from '../../charts/band-rows.ts'
import type { ChartMark } from '../../charts/forecast-band.tsx'
import type { Incident } from '../../contract/decision.ts'
import { Boundary, fetched } from '../../ui/boundary.tsx'
import { Select } from '../../ui/inputs.tsx'
import { EmptyState } from '../../ui/layout.tsx'
import { useText } from '../../ui/preferences.tsx'
import { useNavigation } from '../navigation.tsx'
import { useFormat, useNames, useTwin, useUtcOffsetMinutes } from '../use-twin.ts'
import { rootMeter } from './energy-model.ts'

const ForecastBand = fetched(() => import('../../charts/forecast-band.tsx').then((it) => it.ForecastBand))

const hourMs = 3_600_000
const beforeMs = 9 * hourMs
const afterMs = 9 * hourMs

interface ForecastCardProps {
  readonly meterId: string
  readonly heightPx: number | '100%'
  /** Marks when it was noticed and acted upon. */
  readonly incident?: Incident
}

export function ForecastCard({ meterId, heightPx, incident }: ForecastCardProps) {
  const text = useText()
  const names = useNames()
  const format = useFormat()
  const offset = useUtcOffsetMinutes()
  const site = useTwin((state) => state.site)
  const profile = useTwin((state) => state.profiles.get(meterId))
  const forecast = useTwin((state) => state.forecasts.get(meterId))
  const nowMs = useTwin((state) => Math.floor(state.siteNowMs / 60_000) * 60_000)
  const fromMs = Math.floor((nowMs - beforeMs) / hourMs) * hourMs
  const toMs = Math.ceil((nowMs + afterMs) / hourMs) * hourMs
  const rows = useMemo(() => bandRows(profile, forecast, fromMs, toMs), [profile, forecast, fromMs, toMs])
  const spans = useMemo(() => (site ? tariffSpans(site, fromMs, toMs) : []), [site, fromMs, toMs])
  const marks: ChartMark[] = [
    { atMs: nowMs, label: '', tone: 'now' },
    ...mark(incident?.stages.inferredAtMs, text.energy.anomaly, 'anomaly'),
    ...mark(incident?.stages.actedAtMs, text.energy.action, 'action'),
  ]
  if (rows.length === 0) return <EmptyState title={text.energy.noForecast} body={text.energy.noForecastBody} />
  return (
    <>
      <Boundary>
        <Suspense fallback={<p className="chart-empty">…</p>}>
          <ForecastBand
            rows={rows}
            spans={spans}
            marks={marks}
            fromMs={fromMs}
            toMs={toMs}
            unit="kW"
            label={text.energy.forecastOf(names.device(meterId))}
            words={text.energy}
            format={format}
            utcOffsetMinutes={offset}
            heightPx={heightPx}
          />
        </Suspense>
      </Boundary>
      <Legend />
    </>
  )
}

function mark(atMs: number | undefined, label: string, tone: ChartMark['tone']): ChartMark[] {
  return atMs === undefined ? [] : [{ atMs, label, tone }]
}

function Legend() {
  const text = useText()
  const bands = useTwin((state) => state.site?.tariff.bands)
  return (
    <p className="legend">
      <span className="legend-item legend-actual">{text.energy.actual}</span>
      <span className="legend-item legend-median">{text.energy.median}</span>
      <span className="legend-item legend-range">{text.energy.range}</span>
      {bands?.map((band) => (
        <span key={band.name} className={`legend-item legend-${band.name}`}>
          {text.energy.band[band.name]}
        </span>
      ))}
    </p>
  )
}

/** The forecast of a chosen meter: the site's, then meters with a forecast, then the others. */
export function ForecastPicker({ heightPx }: { readonly heightPx: number | '100%' }) {
  const text = useText()
  const names = useNames()
  const { place, go } = useNavigation()
  const profiles = useTwin((state) => state.profiles)
  const forecasts = useTwin((state) => state.forecasts)
  const site = useTwin((state) => state.site)
  const root = useMemo(() => site && rootMeter(site), [site])
  const options = useMemo(
    () =>
      [...profiles.keys()]
        .map((id) => ({ value: id, label: names.device(id), rank: id === root ? 0 : forecasts.has(id) ? 1 : 2 }))
        .sort((a, b) => a.rank - b.rank || a.label.localeCompare(b.label)),
    [profiles, forecasts, names, root],
  )
  const chosen = options.find((option) => option.value === place.meterId) ?? options[0]
  if (!chosen) return <EmptyState title={text.energy.noForecast} body={text.energy.noForecastBody} />
  return (
    <div className="forecast">
      <Select
        label={text.energy.meter}
        value={chosen.value}
        options={options}
        onChange={(meterId) => go({ meterId })}
      />
      <ForecastCard meterId={chosen.value} heightPx={heightPx} />
    </div>
  )
}
