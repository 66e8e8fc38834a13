import type { ReactNode } from 'react'
import { CommandLog } from '../panels/commands/command-log.tsx'
import { ForecastPicker } from '../panels/energy/forecast-card.tsx'
import { useNavigation } from '../panels/navigation.tsx'
import { AuditList } from '../panels/records/audit-list.tsx'
import { useText } from '../ui/preferences.tsx'
import { Tabs } from '../ui/tabs.tsx'

/** What was sent, what was foreseen and who did what. */
export function RecordsPanel({ actions }: { readonly actions?: ReactNode }) {
  const text = useText()
  const { place, go } = useNavigation()
  return (
    <Tabs
      label={text.shell.records}
      value={place.recordTab}
      onChange={(id) => go({ recordTab: id as typeof place.recordTab })}
      actions={actions}
      items={[
        { id: 'commands', label: text.commands.title, content: <CommandLog /> },
        { id: 'forecast', label: text.energy.forecast, content: <ForecastPicker heightPx="100%" /> },
        { id: 'audit', label: text.audit.title, content: <AuditList /> },
      ]}
    />
  )
}
