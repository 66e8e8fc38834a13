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
  const profiles = useTwin((state) => state.profiles)
  const { read } = useReading()
  if (!site || devices.size === 0) return <EmptyState title={text.energy.noMeters} body={text.energy.noMetersBody} />
  const overview = energyOverview(site, devices, profiles, read)
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
  const { site, solarKw, batteryKw, batterySocPercent, vehiclesKw } = overview
  const direction =
    typeof batteryKw !== 'number' || Math.abs(batteryKw) < 0.5 ? 'idle' : batteryKw > 0 ? 'charging' : 'discharging'
  const charge = [
    typeof batteryKw === 'number' ? text.energy[direction] : undefined,
    batterySocPercent === undefined ? undefined : `${format.number(batterySocPercent)}%`,
  ].filter((part) => part !== undefined)
  return (
    <Section title={text.energy.now}>
      <div className="power-hero">
        <span className={site.meanUntilMs === undefined ? 'power-figure' : 'power-figure power-kept'}>
          {site.kw === undefined ? '…' : format.quantity(Math.round(Math.abs(site.kw) * 10) / 10, 'kW')}
        </span>
        <span className="power-note">
          {site.kw === undefined
            ? text.energy.awaited
            : site.meanUntilMs !== undefined
              ? text.energy.meanUntil(format.time(site.meanUntilMs))
              : site.kw < 0
                ? text.energy.exporting
                : limitKw > 0 && text.energy.limit(format.quantity(limitKw, 'kW'))}
        </span>
        <SitePowerTrend />
        {limitKw > 0 && (
          <Meter
            fraction={(site.kw ?? 0) / limitKw}
            tone={site.kw !== undefined && site.kw > limitKw * 0.9 ? 'high' : 'accent'}
          />
        )}
      </div>
      <dl className="power-parts">
        <PowerPart tone="pv" name={text.energy.solar} kw={solarKw} />
        <PowerPart
          tone="battery"
          name={text.energy.battery}
          kw={typeof batteryKw === 'number' ? Math.abs(batteryKw) : batteryKw}
          note={charge.join(' · ')}
        />
        <PowerPart tone="grid" name={text.energy.vehicles} kw={vehiclesKw} />
      </dl>
    </Section>
  )
}

interface PowerPartProps {
  readonly tone: 'pv' | 'battery' | 'grid'
  readonly name: string
  readonly kw: number | 'none' | undefined
  readonly note?: string
}

/** Nothing at all where the park has no such devices. */
function PowerPart({ tone, name, kw, note = '' }: PowerPartProps) {
  const text = useText()
  const format = useFormat()
  if (kw === 'none') return null
  return (
    <div>
      <dt>
        <span className={`swatch swatch-${tone}`} aria-hidden="true" />
        {name}
      </dt>
      <dd>
        {kw === undefined ? (
          <span className="not-yet">{text.common.notYet}</span>
        ) : (
          format.quantity(Math.round(kw * 10) / 10, 'kW')
        )}
        {note !== '' && <small>{note}</small>}
      </dd>
    </div>
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
  const kept = overview.buildings.find(({ meanUntilMs }) => meanUntilMs !== undefined)
  return (
    <Section title={text.energy.byBuilding} aside={kept && <span className="power-note">{text.energy.keptNote}</span>}>
      <ul className="bars">
        {overview.buildings.map(({ id, meterId, kw, meanUntilMs }) => (
          <li key={id}>
            <button type="button" className="bar-row" onClick={() => show({ kind: 'device', id: meterId })}>
              <span className="bar-name">{names.thing(id)}</span>
              <Meter fraction={(kw ?? 0) / largest} tone={meanUntilMs === undefined ? 'grid' : 'line-strong'} />
              <span
                className={meanUntilMs === undefined ? 'bar-value' : 'bar-value power-kept'}
                title={meanUntilMs === undefined ? undefined : text.energy.meanUntil(format.time(meanUntilMs))}
              >
                {kw === undefined ? (
                  <span className="not-yet">{text.common.notYet}</span>
                ) : (
                  format.quantity(Math.round(kw * 10) / 10, 'kW')
                )}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Section>
  )
}
