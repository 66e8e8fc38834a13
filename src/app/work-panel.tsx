import type { ReactNode } from 'react'
import { IncidentDetail } from '../panels/incidents/incident-detail.tsx'
import { IncidentList } from '../panels/incidents/incident-list.tsx'
import { openIncidents } from '../panels/incidents/incident-model.ts'
import { useNavigation } from '../panels/navigation.tsx'
import { PlanList } from '../panels/plans/plan-list.tsx'
import { useTwin } from '../panels/use-twin.ts'
import { useText } from '../ui/preferences.tsx'
import { Tabs } from '../ui/tabs.tsx'

/** What waits for a person: incidents and plans, or one incident in full. */
export function WorkPanel({ actions }: { readonly actions?: ReactNode }) {
  const text = useText()
  const { place, go } = useNavigation()
  const open = useTwin((state) => openIncidents(state.incidents).length)
  const waiting = useTwin((state) => state.plans.filter((plan) => plan.state === 'proposed').length)
  const incident = useTwin((state) => state.incidents.find((it) => it.id === place.incidentId))
  return (
    <Tabs
      label={text.shell.work}
      value={place.workTab}
      onChange={(id) => go({ workTab: id === 'plans' ? 'plans' : 'incidents' })}
      actions={actions}
      items={[
        {
          id: 'incidents',
          label: text.incidents.title,
          count: open,
          content: incident ? <IncidentDetail key={incident.id} incident={incident} /> : <IncidentList />,
        },
        { id: 'plans', label: text.plans.title, count: waiting, content: <PlanList /> },
      ]}
    />
  )
}
