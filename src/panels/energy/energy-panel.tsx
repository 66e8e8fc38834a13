import { useMemo } from 'react'
import { Sparkline } from '../../charts/sparkline.tsx'
import { useHotCurve } from '../../charts/use-hot-curve.ts'
import type { Clock } from '../../platform/clock.ts'
import { tariffAt } from '../../site/tariff.ts'
import type { Twin } from '../../twin/twin.ts'
import { Chip } from '../../ui/badge.tsx'
import { Icon } from '../../ui/icon.tsx'
import { EmptyState, Meter, Section } from '../../ui/layout.tsx'
import { useText } from '../../ui/preferences.tsx'
import { usePorts } from '../ports.tsx'
import { useFormat, useNames, useSelection, useSiteSecond, useTwin } from '../use-twin.ts'
import { type EnergyOverview, energyOverview, rootMeter } from './energy-model.ts'
import { ForecastPicker } from './forecast-card.tsx'
import { useReading } from './use-reading.ts'

export function EnergyPanel() {
  const text = useText()
  const site = useTwin((state) => state.site)
  const devices = useTwin((state) => state.devices)
  const { read } = useReading()
  if (!site || devices.size === 0) return <EmptyState title={text.energy.noMeters} body={text.energy.noMetersBody} />
  const overview = energyOverview(site, devices, read)
  return (
    <section className="scroll" aria-label={text.energy.title}>
      <PowerNow overview={overview} limitKw={site.tariff.demandLimitKw} />
      <TariffNow />
      <Section title={text.energy.forecast}>
        <ForecastPicker heightPx={170} />
      </Section>
      <ByBuilding overview={overview} />
    </section>
  )
}

interface PowerNowProps {
  readonly overview: EnergyOverview
  readonly limitKw: number
}

function PowerNow({ overview, limitKw }: PowerNowProps) {
  const text = useText()
  const format = useFormat()
  const { siteKw, solarKw, batteryKw, batterySocPercent, vehiclesKw } = overview
  const kw = (value: number | undefined) =>
    value === undefined ? '–' : format.quantity(Math.round(value * 10) / 10, 'kW')
  const direction =
    batteryKw === undefined || Math.abs(batteryKw) < 0.5 ? 'idle' : batteryKw > 0 ? 'charging' : 'discharging'
  return (
    <Section title={text.energy.now}>
      <div className="power-hero">
        <span className="power-figure">{kw(siteKw === undefined ? undefined : Math.abs(siteKw))}</span>
        <span className="power-note">
          {siteKw === undefined
            ? text.energy.awaited
            : siteKw < 0
              ? text.energy.exporting
              : limitKw > 0 && text.energy.limit(format.quantity(limitKw, 'kW'))}
        </span>
        <SitePowerTrend />
        {limitKw > 0 && (
          <Meter
            fraction={(siteKw ?? 0) / limitKw}
            tone={siteKw !== undefined && siteKw > limitKw * 0.9 ? 'high' : 'accent'}
          />
        )}
      </div>
      <dl className="power-parts">
        <div>
          <dt>
            <span className="swatch swatch-pv" aria-hidden="true" />
            {text.energy.solar}
          </dt>
          <dd>{kw(solarKw)}</dd>
        </div>
        <div>
          <dt>
            <span className="swatch swatch-battery" aria-hidden="true" />
            {text.energy.battery}
          </dt>
          <dd>
            {kw(batteryKw === undefined ? undefined : Math.abs(batteryKw))}
            <small>
              {[
                batteryKw === undefined ? undefined : text.energy[direction],
                batterySocPercent === undefined ? undefined : `${format.number(batterySocPercent)}%`,
              ]
                .filter((part) => part !== undefined)
                .join(' · ')}
            </small>
          </dd>
        </div>
        <div>
          <dt>
            <span className="swatch swatch-grid" aria-hidden="true" />
            {text.energy.vehicles}
          </dt>
          <dd>{kw(vehiclesKw)}</dd>
        </div>
      </dl>
    </Section>
  )
}

/** The last hour or so at the site meter, word-sized. */
function SitePowerTrend() {
  const { twin, clock } = usePorts()
  const site = useTwin((state) => state.site)
  const root = useMemo(() => site && rootMeter(site), [site])
  const index = root === undefined ? undefined : twin.point(root, 'power')?.index
  return index === undefined ? null : <Trend twin={twin} clock={clock} index={index} />
}

function Trend(from: { readonly twin: Twin; readonly clock: Clock; readonly index: number }) {
  return <Sparkline points={useHotCurve(from.twin, from.clock, from.index)} />
}

const bandTones = { sharp: 'critical', peak: 'high', flat: 'low', valley: 'good' } as const

function TariffNow() {
  const text = useText()
  const format = useFormat()
  const site = useTwin((state) => state.site)
  const nowMs = useSiteSecond()
  if (!site) return null
  const { name, pricePerKwh } = tariffAt(site, nowMs)
  return (
    <p className="tariff-now">
      <Icon name="bolt" size={14} />
      <span>{text.energy.tariff}</span>
      <Chip tone={bandTones[name]}>{text.energy.band[name]}</Chip>
      <b>{text.energy.perKwh(format.money(pricePerKwh, site.tariff.currency))}</b>
    </p>
  )
}

function ByBuilding({ overview }: { readonly overview: EnergyOverview }) {
  const text = useText()
  const format = useFormat()
  const names = useNames()
  const [, show] = useSelection()
  const largest = Math.max(1, ...overview.buildings.map((building) => building.kw ?? 0))
  return (
    <Section title={text.energy.byBuilding}>
      <ul className="bars">
        {overview.buildings.map(({ id, meterId, kw }) => (
          <li key={id}>
            <button type="button" className="bar-row" onClick={() => show({ kind: 'device', id: meterId })}>
              <span className="bar-name">{names.thing(id)}</span>
              <Meter fraction={(kw ?? 0) / largest} tone="grid" />
              <span className="bar-value">
                {kw === undefined ? '–' : format.quantity(Math.round(kw * 10) / 10, 'kW')}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Section>
  )
}
