import { useMemo } from 'react'
import type { AuditMessage } from '../../contract/messages.ts'
import type { Catalogue } from '../../ui/i18n/en.ts'
import { wordOf } from '../../ui/i18n/language.ts'
import { useText } from '../../ui/preferences.tsx'
import { incidentPlace } from '../incidents/incident-list.tsx'
import type { Names } from '../names.ts'
import { useNames, useTwin } from '../use-twin.ts'

interface AuditWords {
  /** What the line is about, as people call it: a device’s point, an incident by its kind and place, a plan by its title. */
  subject(line: AuditMessage): string
  detail(line: AuditMessage): string
}

/** The record speaks in codes, so that any language can read it. */
export function useAuditWords(): AuditWords {
  const text = useText()
  const names = useNames()
  const incidents = useTwin((state) => state.incidents)
  const plans = useTwin((state) => state.plans)
  return useMemo(() => {
    const subject = ({ subject: id }: AuditMessage) => {
      const incident = incidents.find((one) => one.id === id)
      if (incident) return `${text.incidents.kind[incident.kind]} · ${names.thing(incidentPlace(incident))}`
      const plan = plans.find((one) => one.id === id)
      return plan ? names.text(plan.title) : names.subject(id)
    }
    return { subject, detail: ({ subject: id, detail }) => detailWords(text, names, id, detail) }
  }, [text, names, incidents, plans])
}

/** `energyAnomaly; high; confidence 0.87`, or `value=true; why=noAck; plan=…; reason=…; the command’s id`. */
export function detailWords(text: Catalogue, names: Names, subject: string, detail: string): string {
  const [device = '', point] = subject.split('/')
  const words = detail.split('; ').map((part) => {
    const [, key, value = ''] = /^(value|why|reason|plan)=(.*)$/.exec(part) ?? []
    if (key === 'value') return point === undefined ? value : names.valueOf(device, point, readValue(value))
    if (key === 'why') return names.why(value)
    if (key === 'reason') return value
    const confidence = /^confidence ([\d.]+)$/.exec(part)?.[1]
    if (confidence !== undefined) return text.audit.confidence(`${Math.round(Number(confidence) * 100)}%`)
    // ids stay in the record itself; nobody reads them here
    if (key === 'plan' || part.startsWith('cmd-')) return ''
    return wordOf<string>({ ...text.incidents.kind, ...text.incidents.priority }, part) ?? part
  })
  return words.filter((word) => word !== '').join(' · ')
}

function readValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text
}
