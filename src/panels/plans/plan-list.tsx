import { useMemo } from 'react'
import { EmptyState } from '../../ui/layout.tsx'
import { useText } from '../../ui/preferences.tsx'
import { useTwin } from '../use-twin.ts'
import { PlanCard } from './plan-card.tsx'
import { sortPlans } from './plan-model.ts'

const shown = 20

export function PlanList() {
  const text = useText()
  const plans = useTwin((state) => state.plans)
  const sorted = useMemo(() => sortPlans(plans).slice(0, shown), [plans])
  return (
    <section className="scroll" aria-label={text.plans.title}>
      {sorted.length === 0 ? (
        <EmptyState title={text.plans.none} body={text.plans.noneBody} />
      ) : (
        sorted.map((plan) => <PlanCard key={plan.id} plan={plan} linked />)
      )}
    </section>
  )
}
