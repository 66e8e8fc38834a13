import { useMemo } from 'react'
import type { Incident } from '../../contract/decision.ts'
import { Chip, PriorityMark } from '../../ui/badge.tsx'
import { EmptyState } from '../../ui/layout.tsx'
import { useText } from '../../ui/preferences.tsx'
import { useNavigation } from '../navigation.tsx'
import { useFormat, useNames, useSiteSecond, useStamp, useTwin } from '../use-twin.ts'
import { closedIncidents, openIncidents } from './incident-model.ts'

const closedShown = 12

export function IncidentList() {
  const text = useText()
  const incidents = useTwin((state) => state.incidents)
  const watching = useTwin((state) => state.link.phase === 'online' && state.site !== undefined)
  const open = useMemo(() => openIncidents(incidents), [incidents])
  const closed = useMemo(() => closedIncidents(incidents, closedShown), [incidents])
  return (
    <section className="scroll" aria-label={text.incidents.title} id="incidents" tabIndex={-1}>
      {open.length === 0 &&
        (watching ? (
          <EmptyState title={text.incidents.none} body={text.incidents.noneBody} />
        ) : (
          <EmptyState title={text.incidents.blind} body={text.incidents.blindBody} />
        ))}
      {open.length > 0 && (
        <ul className="card-list" aria-label={text.incidents.title}>
          {open.map((incident) => (
            <IncidentItem key={incident.id} incident={incident} />
          ))}
        </ul>
      )}
      {closed.length > 0 && (
        <>
          <h3 className="list-heading">{text.incidents.recent}</h3>
          <ul className="card-list" aria-label={text.incidents.recent}>
            {closed.map((incident) => (
              <IncidentItem key={incident.id} incident={incident} />
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

export function incidentPlace(incident: Incident): string {
  return incident.zone ?? incident.subject
}

function IncidentItem({ incident }: { readonly incident: Incident }) {
  const text = useText()
  const format = useFormat()
  const names = useNames()
  const nowMs = useSiteSecond()
  const stamp = useStamp()
  const { openIncident } = useNavigation()
  const waiting = useTwin((state) =>
    state.plans.some((plan) => plan.incidentId === incident.id && plan.state === 'proposed'),
  )
  const closed = incident.state === 'closed'
  const age = closed
    ? stamp(incident.closedAtMs ?? incident.updatedAtMs)
    : text.common.ago(format.age(nowMs - incident.openedAtMs))
  return (
    <li>
      <button
        type="button"
        className={`incident-item incident-${closed ? 'closed' : incident.priority}`}
        onClick={() => openIncident(incident.id)}
      >
        <PriorityMark priority={incident.priority} filled={incident.state === 'active'} />
        <span className="incident-main">
          <span className="incident-title">{text.incidents.kind[incident.kind]}</span>
          <span className="incident-where">{names.thing(incidentPlace(incident))}</span>
          <span className="incident-meta">
            <span className={`priority-word priority-${incident.priority}`}>
              {text.incidents.priority[incident.priority]}
            </span>
            <span>{text.incidents.state[incident.state]}</span>
            {waiting && <Chip tone="accent">{text.incidents.planWaiting}</Chip>}
          </span>
        </span>
        <span className="incident-age">{age}</span>
      </button>
    </li>
  )
}
