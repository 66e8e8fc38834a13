import type { PointDescriptor } from '../../contract/messages.ts'
import type { TwinDevice } from '../../twin/twin.ts'
import { useText } from '../../ui/preferences.tsx'
import { usePorts } from '../ports.tsx'
import { useFormat, useNames, useTwin } from '../use-twin.ts'
import { isStale, pointState } from './point-state.ts'

interface PointRowProps {
  readonly device: TwinDevice
  readonly descriptor: PointDescriptor
  readonly chosen: boolean
  onChoose(): void
}

export function PointRow({ device, descriptor, chosen, onChoose }: PointRowProps) {
  const text = useText()
  const format = useFormat()
  const names = useNames()
  const { twin } = usePorts()
  useTwin((state) => state.hotVersion)
  const nowMs = useTwin((state) => state.siteNowMs)
  const speed = useTwin((it) => it.clock.speed)
  const words = useTwin((state) => state.texts.get(`${device.id}/${descriptor.id}`))
  const index = device.points[descriptor.id]
  const state = index === undefined ? undefined : pointState(twin.hot, index)
  const known = state !== undefined && state.atMs > 0
  const stale = known && isStale(state, nowMs, speed, descriptor.writable === true)
  const value = words ?? (state && known ? names.numeric(descriptor, state.value) : undefined)
  const name = names.point(descriptor)
  return (
    <tr className={chosen ? 'point point-chosen' : 'point'}>
      <th scope="row">
        <button type="button" className="link-button point-name" aria-pressed={chosen} onClick={onChoose}>
          {name}
        </button>
      </th>
      <td className={stale ? 'point-value point-stale' : 'point-value'}>
        {value ?? <span className="not-yet">{text.common.notYet}</span>}
      </td>
      <td className="point-mark">
        {stale && text.device.stale(format.age(nowMs - state.atMs))}
        {known && !stale && state.quality !== 'good' && text.device.quality[state.quality]}
      </td>
    </tr>
  )
}
