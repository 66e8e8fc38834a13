import type { Plan, PlanStep } from '../../contract/decision.ts'
import { Chip } from '../../ui/badge.tsx'
import { useText } from '../../ui/preferences.tsx'
import { useFormat, useNames, useSelection, useTwin } from '../use-twin.ts'
import { commandOfStep, commandTones, stepWithoutCommand } from './plan-model.ts'

export function PlanSteps({ plan }: { readonly plan: Plan }) {
  const text = useText()
  return (
    <ol className="steps" aria-label={text.plans.steps}>
      {plan.steps.map((step) => (
        <Step key={`${step.device}/${step.point}`} plan={plan} step={step} />
      ))}
    </ol>
  )
}

function Step({ plan, step }: { readonly plan: Plan; readonly step: PlanStep }) {
  const text = useText()
  const format = useFormat()
  const names = useNames()
  const [, select] = useSelection()
  const commands = useTwin((state) => state.commands)
  const command = commandOfStep(plan, step, commands)
  return (
    <li className="step" title={names.text(step.reason)}>
      <button type="button" className="link-button" onClick={() => select({ kind: 'device', id: step.device })}>
        {names.device(step.device)}
      </button>
      <span className="step-change">
        {step.previous !== undefined && (
          <>
            <span className="step-from">{names.valueOf(step.device, step.point, step.previous)}</span>
            <span aria-hidden="true"> → </span>
          </>
        )}
        <b>{names.valueOf(step.device, step.point, step.value)}</b>
      </span>
      <span className="step-point">{names.pointOf(step.device, step.point)}</span>
      {command ? (
        <span className="step-state">
          <Chip tone={commandTones[command.state]}>{text.commands.state[command.state]}</Chip>
          {command.latency?.settledMs !== undefined && <small>{format.duration(command.latency.settledMs)}</small>}
          {command.why !== undefined && <small>{names.why(command.why)}</small>}
        </span>
      ) : (
        <Unrecorded outcome={stepWithoutCommand(plan, step)} />
      )}
    </li>
  )
}

function Unrecorded({ outcome }: { readonly outcome: ReturnType<typeof stepWithoutCommand> }) {
  const text = useText()
  if (outcome === undefined) return null
  if (outcome === 'verified')
    return (
      <span className="step-state">
        <Chip tone="good">{text.commands.state.verified}</Chip>
      </span>
    )
  const word = outcome === 'elsewhere' ? text.plans.stepElsewhere : text.plans.stepWaiting
  return <span className="step-state step-unsent">{word}</span>
}
