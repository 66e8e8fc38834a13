import type { Plan } from '../../contract/decision.ts'
import { Chip } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { useText } from '../../ui/preferences.tsx'
import { useNavigation } from '../navigation.tsx'
import { useIntents } from '../use-intents.ts'
import { useNames, useStamp, useTwin } from '../use-twin.ts'
import { ExpectedEffect, MeasuredEffect } from './plan-effect.tsx'
import { planTones } from './plan-model.ts'
import { PlanSteps } from './plan-steps.tsx'
import { RejectButton } from './reject-button.tsx'

interface PlanCardProps {
  readonly plan: Plan
  /** Offers the way to its incident; not needed where the card stands inside it. */
  readonly linked?: boolean
}

export function PlanCard({ plan, linked = false }: PlanCardProps) {
  const text = useText()
  const names = useNames()
  const stamp = useStamp()
  const { openIncident } = useNavigation()
  const automatic = useTwin((state) => state.site?.policies.automatic.includes(plan.playbook) ?? false)
  return (
    <article className={`plan plan-${plan.state}`} aria-label={`${text.plans.plan}: ${names.text(plan.title)}`}>
      <header className="plan-head">
        <h3 className="plan-title">{names.text(plan.title)}</h3>
        <Chip tone={planTones[plan.state]}>{text.plans.state[plan.state]}</Chip>
      </header>
      <p className="plan-reason">{names.text(plan.reason)}</p>
      <PlanSteps plan={plan} />
      <ExpectedEffect plan={plan} />
      {plan.measured && <MeasuredEffect measured={plan.measured} currency={plan.expected.currency} />}
      {plan.failure && (
        <p className="plan-failure" role="alert">
          {text.plans.failedStep(plan.failure.step + 1, names.why(plan.failure.why))}
        </p>
      )}
      <footer className="plan-foot">
        <span className="plan-note">
          {plan.decidedBy !== undefined && plan.decidedAtMs !== undefined
            ? text.plans.decidedBy(names.who(plan.decidedBy), stamp(plan.decidedAtMs))
            : automatic
              ? text.plans.automatic
              : stamp(plan.proposedAtMs)}
          {linked && (
            <button type="button" className="link-button" onClick={() => openIncident(plan.incidentId)}>
              {text.plans.incident}
            </button>
          )}
        </span>
        {plan.state === 'proposed' && <Decision plan={plan} />}
      </footer>
    </article>
  )
}

function Decision({ plan }: { readonly plan: Plan }) {
  const text = useText()
  const state = useIntents()
  return (
    <span className="plan-decision">
      <RejectButton plan={plan} />
      <Button tone="primary" icon="check" onClick={() => state((port) => port.approvePlan(plan.id))}>
        {text.plans.approve}
      </Button>
    </span>
  )
}
