import type { ReactNode } from 'react'
import { useText } from '../../ui/preferences.tsx'
import { openIncidents } from '../incidents/incident-model.ts'
import { useFormat, useTwin } from '../use-twin.ts'

/** What the loop does right now, one figure per stage and its yield. */
export function LoopNumbersStrip() {
  const text = useText()
  const format = useFormat()
  const loop = useTwin((state) => state.loop)
  const alarms = useTwin((state) => openIncidents(state.incidents).length)
  const waiting = useTwin((state) => state.plans.filter((plan) => plan.state === 'proposed').length)
  const currency = useTwin((state) => state.site?.tariff.currency ?? '')
  const saved = loop.savedToday
  return (
    <dl className="loop-numbers" aria-label={text.top.loop}>
      <Figure name={text.top.readings} note={text.top.perSecond}>
        {format.number(loop.readingsPerS)}
      </Figure>
      <Figure
        name={text.top.inferences}
        note={`${text.top.perSecond} · ${engineName(loop.engine) ?? text.top.noEngine}`}
      >
        {format.number(loop.inferencesPerS, loop.inferencesPerS > 0 && loop.inferencesPerS < 10 ? 1 : 0)}
      </Figure>
      <Figure name={text.top.openAlarms} tone={alarms > 0 ? 'alarm' : undefined}>
        {alarms}
      </Figure>
      <Figure name={text.top.plansWaiting} tone={waiting > 0 ? 'waiting' : undefined}>
        {waiting}
      </Figure>
      <Figure name={text.top.verified}>{format.number(loop.commandsVerified)}</Figure>
      <Figure name={text.top.savedToday} note={saved ? format.quantity(saved.kwh, 'kWh') : undefined}>
        {saved ? format.money(saved.cost, currency) : '–'}
      </Figure>
    </dl>
  )
}

function engineName(engine: 'webgpu' | 'wasm' | undefined): string | undefined {
  if (engine === undefined) return undefined
  return engine === 'webgpu' ? 'WebGPU' : 'WASM'
}

interface FigureProps {
  readonly name: string
  readonly note?: string | undefined
  readonly tone?: 'alarm' | 'waiting' | undefined
  readonly children: ReactNode
}

function Figure({ name, note, tone, children }: FigureProps) {
  return (
    <div className={`figure${tone ? ` figure-${tone}` : ''}`}>
      <dt>{name}</dt>
      <dd>
        <b>{children}</b>
        {note !== undefined && <span className="figure-note">{note}</span>}
      </dd>
    </div>
  )
}
