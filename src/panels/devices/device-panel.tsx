import { Suspense, useState } from 'react'
import type { PointDescriptor } from '../../contract/messages.ts'
import type { TwinDevice } from '../../twin/twin.ts'
import { Chip } from '../../ui/badge.tsx'
import { Boundary, fetched } from '../../ui/boundary.tsx'
import { Section } from '../../ui/layout.tsx'
import { useText } from '../../ui/preferences.tsx'
import { isStepped } from '../names.ts'
import { usePorts } from '../ports.tsx'
import { useFormat, useNames, useSiteSecond, useTwin, useUtcOffsetMinutes } from '../use-twin.ts'
import { PointControl } from './point-control.tsx'
import { PointRow } from './point-row.tsx'

const LiveCurve = fetched(() => import('../../charts/live-curve.tsx').then((it) => it.LiveCurve))

const curveOrder = ['power', 'temperature', 'co2', 'soc', 'occupancy']

/** Everything about one device: live values, a curve, what may be set. */
export function DevicePanel({ device }: { readonly device: TwinDevice }) {
  const text = useText()
  const names = useNames()
  const { points } = device.birth
  const [chosen, setChosen] = useState<string | undefined>()
  const shown = points.find((point) => point.id === chosen) ?? firstCurve(points)
  const writable = points.filter((point) => point.writable)
  return (
    <section aria-label={`${text.device.title}: ${names.device(device.id)}`}>
      <DeviceHead device={device} />
      <Section title={text.device.points}>
        <table className="points">
          <tbody>
            {points.map((point) => (
              <PointRow
                key={point.id}
                device={device}
                descriptor={point}
                chosen={point.id === shown?.id}
                onChoose={() => setChosen(point.id)}
              />
            ))}
          </tbody>
        </table>
      </Section>
      {shown && <PointCurve device={device} descriptor={shown} />}
      {writable.length > 0 && (
        <Section title={text.device.controls}>
          {writable.map((point) => (
            <PointControl key={point.id} device={device} descriptor={point} />
          ))}
        </Section>
      )}
    </section>
  )
}

function firstCurve(points: readonly PointDescriptor[]): PointDescriptor | undefined {
  const numeric = points.filter((point) => point.kind !== 'message')
  return curveOrder.map((kind) => numeric.find((point) => point.kind === kind)).find(Boolean) ?? numeric[0]
}

function DeviceHead({ device }: { readonly device: TwinDevice }) {
  const text = useText()
  const names = useNames()
  const { birth, online } = device
  return (
    <header className="device-head">
      <h2 className="device-name">{names.text(birth.name)}</h2>
      <p className="device-sub">
        {names.className(birth.class)}
        {birth.zone !== undefined && ` · ${names.zone(birth.zone)}`}
      </p>
      <p className="device-sub">
        <Chip tone={online === true ? 'good' : online === false ? 'critical' : 'neutral'}>
          {online === true ? text.device.online : online === false ? text.device.offline : text.device.unknownState}
        </Chip>
        <LastSeen device={device} />
      </p>
    </header>
  )
}

function LastSeen({ device }: { readonly device: TwinDevice }) {
  const text = useText()
  const format = useFormat()
  const { twin } = usePorts()
  const nowMs = useSiteSecond()
  const newest = Math.max(0, ...Object.values(device.points).map((index) => twin.hot.atMs[index] ?? 0))
  return (
    <span className="device-seen">
      {newest === 0 ? text.device.neverSeen : text.device.lastSeen(format.age(nowMs - newest))}
      {' · '}
      <code>{device.id}</code>
    </span>
  )
}

interface PointCurveProps {
  readonly device: TwinDevice
  readonly descriptor: PointDescriptor
}

function PointCurve({ device, descriptor }: PointCurveProps) {
  const text = useText()
  const names = useNames()
  const format = useFormat()
  const { twin, clock } = usePorts()
  const offset = useUtcOffsetMinutes()
  const jump = useTwin((state) => state.clock.jump)
  const index = device.points[descriptor.id]
  if (index === undefined || descriptor.kind === 'message') return null
  const name = names.point(descriptor)
  return (
    <Section title={text.device.curveOf(name)}>
      <Boundary>
        <Suspense fallback={<p className="chart-empty">…</p>}>
          <LiveCurve
            key={`${index}/${jump}`}
            twin={twin}
            clock={clock}
            index={index}
            label={text.device.curveOf(name)}
            name={name}
            emptyText={text.device.noCurve}
            format={format}
            utcOffsetMinutes={offset}
            valueText={(value) => names.numeric(descriptor, value)}
            stepped={isStepped(descriptor)}
          />
        </Suspense>
      </Boundary>
    </Section>
  )
}
