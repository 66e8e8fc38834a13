import type { Evidence } from '../../contract/decision.ts'
import { wordOf, wordText } from '../../ui/i18n/language.ts'
import { Meter, Section } from '../../ui/layout.tsx'
import { useText } from '../../ui/preferences.tsx'
import { useFormat, useNames } from '../use-twin.ts'

export function EvidenceList({ evidence }: { readonly evidence: readonly Evidence[] }) {
  const text = useText()
  return (
    <Section title={text.evidence.title}>
      <ul className="evidence-list">
        {evidence.map((item) => (
          <EvidenceItem key={`${item.source}/${item.kind}/${item.subject}`} item={item} />
        ))}
      </ul>
    </Section>
  )
}

function EvidenceItem({ item }: { readonly item: Evidence }) {
  const text = useText()
  const format = useFormat()
  const names = useNames()
  return (
    <li className="evidence">
      <div className="evidence-head">
        <span className="evidence-source">{text.evidence.source[item.source]}</span>
        <b>{wordText(text.evidence.kind, item.kind)}</b>
        <span className="evidence-time">{format.clock(item.atMs)}</span>
      </div>
      <div className="evidence-body">
        <span>{names.thing(item.subject)}</span>
        <ValueWords values={item.values} />
        <span className="evidence-weight">
          {text.evidence.weight} {format.percent(item.weight)} <Meter fraction={item.weight} />
        </span>
      </div>
    </li>
  )
}

function ValueWords({ values }: { readonly values: Evidence['values'] }) {
  const text = useText()
  const format = useFormat()
  const say = (key: string, value: number | string | boolean) => {
    if (typeof value === 'number') return key.endsWith('AtMs') ? format.clock(value) : format.reading(value)
    if (typeof value === 'boolean') return value ? text.common.yes : text.common.no
    return wordOf(text.words, value) ?? value
  }
  return Object.entries(values).map(([key, value]) => (
    <span key={key} className="evidence-value">
      {wordText(text.evidence.value, key)} <b>{say(key, value)}</b>
    </span>
  ))
}
