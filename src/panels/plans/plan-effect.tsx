import type { ReactNode } from 'react'
import type { Plan } from '../../contract/decision.ts'
import { useText } from '../../ui/preferences.tsx'
import { useFormat, useNames, useTwin } from '../use-twin.ts'

export function ExpectedEffect({ plan }: { readonly plan: Plan }) {
  const text = useText()
  const format = useFormat()
  const names = useNames()
  const siteCurrency = useTwin((state) => state.site?.tariff.currency ?? '')
  const { energySavedKwh, costSaved, currency, peakCutKw, horizonMs, riskReduced, basis } = plan.expected
  return (
    <div className="effect">
      <h4 className="effect-title">
        {text.plans.expected}
        {horizonMs !== undefined && <span className="effect-until">{text.plans.until(format.time(horizonMs))}</span>}
      </h4>
      <dl className="effect-figures">
        {energySavedKwh !== undefined && (
          <Effect name={text.plans.energy}>{format.quantity(energySavedKwh, 'kWh')}</Effect>
        )}
        {costSaved !== undefined && (
          <Effect name={text.plans.cost}>{format.money(costSaved, currency ?? siteCurrency)}</Effect>
        )}
        {peakCutKw !== undefined && <Effect name={text.plans.peak}>{format.quantity(peakCutKw, 'kW')}</Effect>}
      </dl>
      {riskReduced !== undefined && (
        <p className="effect-words">
          <b>{text.plans.risk}</b> {names.text(riskReduced)}
        </p>
      )}
      {basis !== undefined && (
        <p className="effect-words">
          <b>{text.plans.basis}</b> {names.text(basis)}
        </p>
      )}
    </div>
  )
}

interface MeasuredProps {
  readonly measured: NonNullable<Plan['measured']>
  readonly currency: string | undefined
}

export function MeasuredEffect({ measured, currency }: MeasuredProps) {
  const text = useText()
  const format = useFormat()
  const siteCurrency = useTwin((state) => state.site?.tariff.currency ?? '')
  return (
    <div className="effect effect-measured">
      <h4 className="effect-title">
        {text.plans.measured}
        <span className="effect-until">{`${format.time(measured.fromMs)}–${format.time(measured.toMs)}`}</span>
      </h4>
      <dl className="effect-figures">
        <Effect name={text.plans.energy}>{format.quantity(measured.energySavedKwh, 'kWh')}</Effect>
        <Effect name={text.plans.cost}>{format.money(measured.costSaved, currency ?? siteCurrency)}</Effect>
      </dl>
    </div>
  )
}

function Effect({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
