import { useEffect } from 'react'
import { useNames, useTwin } from './use-twin.ts'

/** The tab says which park it shows and how many incidents wait for somebody, for whoever works in another one. */
export function usePageTitle(): void {
  const site = useTwin((state) => state.site)
  const waiting = useTwin((state) => state.incidents.filter((incident) => incident.state === 'active').length)
  const names = useNames()
  const title = site ? `${names.text(site.name)} · ParkLoop` : 'ParkLoop'
  useEffect(() => {
    document.title = waiting > 0 ? `(${waiting}) ${title}` : title
  }, [title, waiting])
}
