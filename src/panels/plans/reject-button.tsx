import { useId, useState } from 'react'
import type { Plan } from '../../contract/decision.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { useText } from '../../ui/preferences.tsx'
import { useIntents } from '../use-intents.ts'

export function RejectButton({ plan }: { readonly plan: Plan }) {
  const text = useText()
  const state = useIntents()
  const field = useId()
  const [asking, setAsking] = useState(false)
  const [why, setWhy] = useState('')
  const reject = () => {
    setAsking(false)
    state((port) => port.rejectPlan(plan.id, why.trim() === '' ? text.plans.rejectDefault : why.trim()))
  }
  return (
    <>
      <Button onClick={() => setAsking(true)}>{text.plans.reject}</Button>
      <ConfirmDialog
        open={asking}
        title={text.plans.rejectTitle}
        confirmLabel={text.plans.reject}
        cancelLabel={text.common.cancel}
        danger
        onCancel={() => setAsking(false)}
        onConfirm={reject}
        body={
          <div className="field">
            <label htmlFor={field}>{text.plans.rejectWhy}</label>
            <textarea
              id={field}
              rows={3}
              maxLength={300}
              value={why}
              placeholder={text.plans.rejectPlaceholder}
              onChange={(event) => setWhy(event.target.value)}
            />
          </div>
        }
      />
    </>
  )
}
