import { useMemo } from 'react'
import { wordText } from '../../ui/i18n/language.ts'
import { EmptyState } from '../../ui/layout.tsx'
import { useText } from '../../ui/preferences.tsx'
import { useFormat, useNames, useTwin } from '../use-twin.ts'

const shown = 200

export function AuditList() {
  const text = useText()
  const format = useFormat()
  const names = useNames()
  const audit = useTwin((state) => state.audit)
  const newest = useMemo(() => [...audit].reverse().slice(0, shown), [audit])
  return (
    <section className="scroll" aria-label={text.audit.title}>
      {newest.length === 0 ? (
        <EmptyState title={text.audit.none} body={text.audit.noneBody} />
      ) : (
        <table className="audit" aria-label={text.audit.title}>
          <thead>
            <tr>
              <th scope="col">{text.audit.time}</th>
              <th scope="col">{text.audit.actor}</th>
              <th scope="col">{text.audit.action}</th>
              <th scope="col">{text.audit.subject}</th>
              <th scope="col">{text.audit.detail}</th>
            </tr>
          </thead>
          <tbody>
            {newest.map((line, i) => (
              // Lines carry no id and only ever grow at the top.
              <tr key={`${line.at}/${line.action}/${line.subject}/${newest.length - i}`}>
                <td>{format.clock(line.at)}</td>
                <td>{line.actor}</td>
                <td>{wordText({}, line.action)}</td>
                <td>{names.thing(line.subject)}</td>
                <td>{line.detail}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
