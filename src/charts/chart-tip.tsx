/** Recharts clones this with what lies under the pointer; it hands over values of unknown type. */
interface TipEntry {
  readonly name?: unknown
  readonly value?: unknown
  readonly dataKey?: unknown
  readonly color?: string
}

interface ChartTipProps {
  readonly active?: boolean
  readonly payload?: readonly TipEntry[]
  readonly label?: unknown
  timeText(atMs: number): string
  valueText(key: string, value: number): string
}

export function ChartTip({ active, payload, label, timeText, valueText }: ChartTipProps) {
  if (!active || !payload || payload.length === 0) return null
  return (
    <div className="chart-tip">
      {typeof label === 'number' && <p className="chart-tip-time">{timeText(label)}</p>}
      {payload.map((entry) => {
        const text = entryText(entry, valueText)
        if (text === undefined) return null
        return (
          <p key={String(entry.dataKey)} className="chart-tip-row">
            <span className="chart-tip-swatch" style={{ background: entry.color }} />
            <span>{String(entry.name)}</span>
            <b>{text}</b>
          </p>
        )
      })}
    </div>
  )
}

function entryText(entry: TipEntry, valueText: (key: string, value: number) => string): string | undefined {
  const key = String(entry.dataKey)
  const { value } = entry
  if (typeof value === 'number') return valueText(key, value)
  if (!Array.isArray(value)) return undefined
  const parts = value.filter((part): part is number => typeof part === 'number')
  return parts.length === 0 ? undefined : parts.map((part) => valueText(key, part)).join(' – ')
}
