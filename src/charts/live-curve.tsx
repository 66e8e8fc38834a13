import { Area, AreaChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import type { Clock } from '../platform/clock.ts'
import type { Twin } from '../twin/twin.ts'
import type { Format } from '../ui/i18n/format.ts'
import { axisStyle, gridStyle, timeTicks } from './chart-style.ts'
import { ChartTip } from './chart-tip.tsx'
import { useHotCurve } from './use-hot-curve.ts'

interface LiveCurveProps {
  readonly twin: Twin
  readonly clock: Clock
  readonly index: number
  /** Accessible name. */
  readonly label: string
  /** Name of the value in the tip. */
  readonly name: string
  readonly emptyText: string
  readonly format: Format
  readonly utcOffsetMinutes: number
  valueText(value: number): string
  /** On/off and words hold their value between samples. */
  readonly stepped?: boolean
  readonly heightPx?: number
}

export function LiveCurve(props: LiveCurveProps) {
  const { format, heightPx = 150, stepped = false } = props
  const curve = useHotCurve(props.twin, props.clock, props.index)
  const first = curve[0]
  const last = curve.at(-1)
  if (!first || !last || curve.length < 2) return <p className="chart-empty">{props.emptyText}</p>
  return (
    <div className="chart" role="img" aria-label={props.label} style={{ height: heightPx }}>
      <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 300, height: heightPx }}>
        <AreaChart data={[...curve]} margin={{ top: 6, right: 6, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid {...gridStyle} />
          <XAxis
            {...axisStyle}
            dataKey="atMs"
            type="number"
            domain={[first.atMs, last.atMs]}
            ticks={timeTicks(first.atMs, last.atMs, props.utcOffsetMinutes, 5)}
            tickFormatter={(atMs: number) => format.time(atMs)}
            height={18}
          />
          <YAxis
            {...axisStyle}
            axisLine={false}
            width={44}
            domain={stepped ? [0, 'auto'] : ['auto', 'auto']}
            tickFormatter={(value: number) => (stepped ? props.valueText(value) : format.reading(value))}
            tickCount={4}
            allowDecimals={!stepped}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={{ stroke: 'var(--line-strong)' }}
            content={<ChartTip timeText={format.clock} valueText={(_, value) => props.valueText(value)} />}
          />
          <Area
            dataKey="value"
            name={props.name}
            type={stepped ? 'stepAfter' : 'linear'}
            stroke="var(--accent)"
            strokeWidth={1.5}
            fill="var(--accent)"
            fillOpacity={0.12}
            dot={false}
            isAnimationActive={false}
          />
        </AreaChart>
      </ResponsiveContainer>
    </div>
  )
}
