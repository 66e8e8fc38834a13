import { useMemo } from 'react'
import type { AuditMessage } from '../../contract/messages.ts'
import { wordText } from '../../ui/i18n/language.ts'
import { EmptyState } from '../../ui/layout.tsx'
import { useText } from '../../ui/preferences.tsx'
import { useNames, useStamp, useTwin } from '../use-twin.ts'
import { useAuditWords } from './audit-words.ts'

const shown = 200

export function AuditList() {
  const text = useText()
  const stamp = useStamp()
  const names = useNames()
  const say = useAuditWords()
  const audit = useTwin((state) => state.audit)
  const newest = useMemo(() => keyed(audit).reverse().slice(0, shown), [audit])
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
            {newest.map(({ key, line }) => (
              <tr key={key}>
                <td>{stamp(line.at)}</td>
                <td>{names.who(line.actor)}</td>
                <td>{wordText(text.audit.words, line.action)}</td>
                <td>{say.subject(line)}</td>
                <td>{say.detail(line)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

/** Lines carry no id; equal ones of the same moment are told apart by their number. */
function keyed(audit: readonly AuditMessage[]): { readonly key: string; readonly line: AuditMessage }[] {
  const seen = new Map<string, number>()
  return audit.map((line) => {
    const base = `${line.at}/${line.actor}/${line.action}/${line.subject}`
    const count = seen.get(base) ?? 0
    seen.set(base, count + 1)
    return { key: `${base}/${count}`, line }
  })
}
