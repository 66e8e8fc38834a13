import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceArea,
  ReferenceDot,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import type { Format } from '../ui/i18n/format.ts'
import { type BandRow, outsideBand, type TariffSpan } from './band-rows.ts'
import { axisStyle, bandColours, gridStyle, timeTicks } from './chart-style.ts'
import { ChartTip } from './chart-tip.tsx'

export interface ChartMark {
  readonly atMs: number
  readonly label: string
  readonly tone: 'anomaly' | 'action' | 'now'
}

interface ForecastBandProps {
  readonly rows: readonly BandRow[]
  readonly spans: readonly TariffSpan[]
  readonly marks: readonly ChartMark[]
  readonly fromMs: number
  readonly toMs: number
  readonly unit: string
  readonly label: string
  readonly words: { readonly actual: string; readonly median: string; readonly range: string }
  readonly format: Format
  readonly utcOffsetMinutes: number
  readonly heightPx: number | '100%'
}

const markColours = { anomaly: 'var(--high)', action: 'var(--good)', now: 'var(--text-3)' } as const

/** Actual line over the model's band, tariff bands shaded below, marks of anomaly and action. */
export function ForecastBand(props: ForecastBandProps) {
  const { rows, spans, marks, fromMs, toMs, format, words } = props
  const outside = outsideBand(rows)
  return (
    <div className="chart" role="img" aria-label={props.label} style={{ height: props.heightPx }}>
      <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 320, height: 160 }}>
        <ComposedChart data={[...rows]} margin={{ top: 14, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
          {spans.map((span) => (
            <ReferenceArea
              key={span.fromMs}
              x1={span.fromMs}
              x2={span.toMs}
              fill={bandColours[span.name]}
              fillOpacity={0.07}
              strokeOpacity={0}
              ifOverflow="hidden"
            />
          ))}
          <CartesianGrid {...gridStyle} />
          <XAxis
            {...axisStyle}
            dataKey="atMs"
            type="number"
            domain={[fromMs, toMs]}
            allowDataOverflow
            ticks={timeTicks(fromMs, toMs, props.utcOffsetMinutes, 7)}
            tickFormatter={(atMs: number) => format.time(atMs)}
            height={18}
          />
          <YAxis
            {...axisStyle}
            axisLine={false}
            width={48}
            domain={['auto', 'auto']}
            tickCount={5}
            tickFormatter={(value: number) => format.reading(value)}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={{ stroke: 'var(--line-strong)' }}
            content={<ChartTip timeText={format.dateTime} valueText={(_, v) => format.quantity(v, props.unit)} />}
          />
          <Area
            dataKey="band"
            name={words.range}
            stroke="none"
            fill="var(--accent)"
            fillOpacity={0.18}
            isAnimationActive={false}
            activeDot={false}
          />
          <Line
            dataKey="median"
            name={words.median}
            stroke="var(--accent)"
            strokeDasharray="4 3"
            strokeWidth={1.3}
            dot={false}
            isAnimationActive={false}
          />
          <Line
            dataKey="actual"
            name={words.actual}
            stroke="var(--text)"
            strokeWidth={1.7}
            dot={false}
            connectNulls={false}
            isAnimationActive={false}
          />
          {outside.map((row) => (
            <ReferenceDot key={row.atMs} x={row.atMs} y={row.actual ?? 0} r={2.6} fill="var(--high)" stroke="none" />
          ))}
          {marks.map((mark) => (
            <ReferenceLine
              key={`${mark.tone}${mark.atMs}`}
              x={mark.atMs}
              stroke={markColours[mark.tone]}
              strokeDasharray={mark.tone === 'now' ? '2 3' : ''}
              label={(place: LabelPlace) => <MarkLabel mark={mark} at={place.viewBox} />}
            />
          ))}
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  )
}

interface LabelPlace {
  readonly viewBox?: { readonly x?: number; readonly y?: number }
}

interface MarkLabelProps {
  readonly mark: ChartMark
  readonly at: LabelPlace['viewBox']
}

/** Above the plot; what was noticed stands left of its line and what was done right of it, so that neighbours keep apart. */
function MarkLabel({ mark, at }: MarkLabelProps) {
  const left = mark.tone === 'anomaly'
  return (
    <text
      x={(at?.x ?? 0) + (left ? -2 : 2)}
      y={(at?.y ?? 0) - 4}
      textAnchor={left ? 'end' : 'start'}
      fill={markColours[mark.tone]}
      fontSize={11}
    >
      {mark.label}
    </text>
  )
}
