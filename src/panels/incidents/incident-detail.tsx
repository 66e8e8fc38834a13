import { useEffect, useMemo } from 'react'
import type { Incident } from '../../contract/decision.ts'
import { PriorityMark } from '../../ui/badge.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Section } from '../../ui/layout.tsx'
import { useText } from '../../ui/preferences.tsx'
import { CameraCard } from '../cameras/camera-card.tsx'
import { ForecastCard } from '../energy/forecast-card.tsx'
import { useNavigation } from '../navigation.tsx'
import { PlanCard } from '../plans/plan-card.tsx'
import { usePorts } from '../ports.tsx'
import { useIntents } from '../use-intents.ts'
import { useFormat, useNames, useSelection, useTwin } from '../use-twin.ts'
import { EvidenceList } from './evidence-list.tsx'
import { incidentPlace } from './incident-list.tsx'
import { camerasOf, meterOf } from './incident-model.ts'
import { StageWalk } from './stage-walk.tsx'

/** An incident explains itself: stages, evidence, picture or curve, the plan. */
export function IncidentDetail({ incident }: { readonly incident: Incident }) {
  const text = useText()
  const plans = useTwin((state) => state.plans)
  useFlightTo(incident.zone, incident.subject)
  const plan = plans.find((it) => it.id === incident.planId) ?? plans.find((it) => it.incidentId === incident.id)
  return (
    <section className="scroll" aria-label={text.incidents.detail} id="incidents" tabIndex={-1}>
      <DetailHead incident={incident} />
      {plan && <PlanCard plan={plan} />}
      <StageWalk times={incident.stages} />
      <IncidentViews incident={incident} />
      <EvidenceList evidence={incident.evidence} />
    </section>
  )
}

/** Opening an incident brings its place before the eye; what is selected stays selected. */
function useFlightTo(zone: string | undefined, subject: string): void {
  const { selection, twin } = usePorts()
  useEffect(() => {
    // Behind a closed wall there is nothing to see of a device: its building is shown.
    const inside = twin.store.getState().site?.equipment.find((item) => item.id === subject)?.building
    const device =
      inside === undefined ? ({ kind: 'device', id: subject } as const) : ({ kind: 'building', id: inside } as const)
    selection.getState().look(zone === undefined ? device : { kind: 'zone', id: zone })
  }, [selection, twin, zone, subject])
}

function DetailHead({ incident }: { readonly incident: Incident }) {
  const text = useText()
  const format = useFormat()
  const names = useNames()
  const state = useIntents()
  const { go } = useNavigation()
  const [, select] = useSelection()
  const place = incidentPlace(incident)
  const show = () =>
    select(incident.zone === undefined ? { kind: 'device', id: incident.subject } : { kind: 'zone', id: incident.zone })
  return (
    <header className="detail-head">
      <IconButton icon="back" label={text.common.back} onClick={() => go({ incidentId: undefined })} />
      <div className="detail-words">
        <h2 className="detail-title">
          <PriorityMark priority={incident.priority} filled={incident.state === 'active'} />
          {text.incidents.kind[incident.kind]}
        </h2>
        <p className="detail-sub">
          <button type="button" className="link-button" onClick={show}>
            {names.thing(place)}
          </button>
          {' · '}
          <span className={`priority-word priority-${incident.priority}`}>
            {text.incidents.priority[incident.priority]}
          </span>
          {' · '}
          {text.incidents.state[incident.state]}
          {' · '}
          {`${text.incidents.confidence} ${format.percent(incident.confidence)}`}
        </p>
        <p className="detail-sub">
          {`${text.incidents.opened} ${format.dateTime(incident.openedAtMs)}`}
          {incident.closedAtMs !== undefined && ` · ${text.incidents.closed} ${format.dateTime(incident.closedAtMs)}`}
        </p>
      </div>
      {incident.state === 'active' && (
        <Button small onClick={() => state((port) => port.acknowledgeIncident(incident.id))}>
          {text.incidents.acknowledge}
        </Button>
      )}
    </header>
  )
}

function IncidentViews({ incident }: { readonly incident: Incident }) {
  const text = useText()
  const site = useTwin((state) => state.site)
  const profiles = useTwin((state) => state.profiles)
  const cameras = useMemo(() => camerasOf(incident, site), [incident, site])
  const energetic = incident.kind === 'energyAnomaly' || incident.kind === 'peakDemand'
  const meter = energetic ? meterOf(incident, (id) => profiles.has(id)) : undefined
  return (
    <>
      {cameras.length > 0 && (
        <Section title={text.cameras.title}>
          {cameras.slice(0, 2).map((id) => (
            <CameraCard key={id} cameraId={id} />
          ))}
        </Section>
      )}
      {meter !== undefined && (
        <Section title={text.energy.forecast}>
          <ForecastCard meterId={meter} heightPx={170} incident={incident} />
        </Section>
      )}
    </>
  )
}
