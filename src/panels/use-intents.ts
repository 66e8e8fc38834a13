import type { IntentOutcome, IntentPort } from '../contract/intent-port.ts'
import { useText } from '../ui/preferences.tsx'
import { useToast } from '../ui/toast.tsx'
import { usePorts } from './ports.tsx'
import { useNames } from './use-twin.ts'

/** States an intent and tells the person when it is refused; true when it was taken up. */
export function useIntents(): (state: (port: IntentPort) => IntentOutcome) => boolean {
  const { intents } = usePorts()
  const toast = useToast()
  const text = useText()
  const names = useNames()
  return (state) => {
    const outcome = state(intents)
    if (!outcome.accepted) toast({ title: text.plans.refused(names.why(outcome.why)), tone: 'warning' })
    return outcome.accepted
  }
}
