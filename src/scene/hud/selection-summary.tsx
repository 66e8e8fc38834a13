import type { HotPoints } from '../../twin/hot-points.ts'
import type { TwinDevice } from '../../twin/twin.ts'
import { Button } from '../../ui/button.tsx'
import { useText } from '../../ui/preferences.tsx'
import type { Picked } from '../selection.ts'
import { useBelief, useChosen, useHud, useViews } from './hud-context.tsx'

/** Reported power of all chosen devices, kW; undefined where none reports any. */
export function powerOf(
  many: readonly Picked[],
  devices: ReadonlyMap<string, TwinDevice>,
  hot: HotPoints,
): number | undefined {
  let sum: number | undefined
  for (const { id } of many) {
    const device = devices.get(id)
    const point = device?.birth.points.find((p) => p.kind === 'power' && p.writable !== true)
    const index = point && device?.points[point.id]
    const value = index === undefined ? Number.NaN : (hot.value[index] ?? Number.NaN)
    if (Number.isFinite(value)) sum = (sum ?? 0) + value
  }
  return sum
}

/** What many chosen things are together. */
export function SelectionSummary() {
  const text = useText()
  const { twin, selection, format } = useHud()
  const many = useChosen((state) => state.many)
  const devices = useBelief((state) => state.devices)
  useBelief((state) => (many.length > 1 ? state.hotVersion : 0))
  if (many.length < 2) return null
  const kw = powerOf(many, devices, twin.hot)
  return (
    <div className="selection-summary" role="status">
      <b>{text.hud.selected(format.number(many.length))}</b>
      {kw !== undefined && <span>{text.hud.selectedSum(format.quantity(kw, 'kW'))}</span>}
      <Button small tone="quiet" onClick={() => selection.getState().select(undefined)}>
        {text.hud.clear}
      </Button>
    </div>
  )
}

/** The rectangle that is being drawn out. */
export function SelectionBand() {
  const band = useViews((state) => state.band)
  if (!band) return null
  const { left, top, right, bottom } = band
  return <div className="selection-band" style={{ left, top, width: right - left, height: bottom - top }} />
}
