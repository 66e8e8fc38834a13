import { useEffect, useRef } from 'react'
import { useText } from '../../ui/preferences.tsx'
import { useTakeBackToast, useToast } from '../../ui/toast.tsx'
import { useNavigation } from '../navigation.tsx'
import { useNames, useTwin } from '../use-twin.ts'
import { incidentPlace } from './incident-list.tsx'
import { isOpen } from './incident-model.ts'

/** An incident older than this when first seen is history, not news. */
const newsMs = 60_000

/**
 * Calls attention to each new incident once, wherever the person looks at the time. The notice goes as soon as the
 * incident is looked at, taken up by anybody, or over.
 */
export function useIncidentToasts(): void {
  const incidents = useTwin((state) => state.incidents)
  const nowMs = useTwin((state) => Math.floor(state.siteNowMs / 10_000) * 10_000)
  const speed = useTwin((state) => state.clock.speed)
  const seen = useRef(new Set<string>())
  const text = useText()
  const names = useNames()
  const toast = useToast()
  const takeBack = useTakeBackToast()
  const shown = useRef(new Set<string>())
  const { place, openIncident } = useNavigation()
  useEffect(() => {
    for (const incident of incidents) {
      if (seen.current.has(incident.id)) continue
      seen.current.add(incident.id)
      if (!isOpen(incident) || nowMs - incident.openedAtMs > newsMs * Math.max(1, speed)) continue
      shown.current.add(incident.id)
      toast({
        id: toastId(incident.id),
        title: text.incidents.newToast(text.incidents.kind[incident.kind]),
        body: names.thing(incidentPlace(incident)),
        tone: incident.priority === 'critical' || incident.priority === 'high' ? 'critical' : 'warning',
        action: { label: text.incidents.view, run: () => openIncident(incident.id) },
      })
    }
  }, [incidents, nowMs, speed, text, names, toast, openIncident])
  useEffect(() => {
    for (const id of shown.current) {
      const state = incidents.find((incident) => incident.id === id)?.state
      if (state === 'active' && place.incidentId !== id) continue
      shown.current.delete(id)
      takeBack(toastId(id))
    }
  }, [incidents, place.incidentId, takeBack])
}

function toastId(incidentId: string): string {
  return `incident:${incidentId}`
}
