import { createContext, type ReactNode, useContext, useMemo, useState } from 'react'
import type { DetailTab } from './address.ts'

/** Where a person stands in the console; selection of things in the park is separate and shared with the scene. */
export interface Place {
  readonly workTab: 'incidents' | 'plans'
  readonly incidentId: string | undefined
  readonly detailTab: DetailTab
  readonly recordTab: 'commands' | 'forecast' | 'audit'
  readonly meterId: string | undefined
  /** Used by the phone layout only. */
  readonly section: 'work' | 'selected' | 'park' | 'cameras' | 'energy' | 'rooms' | 'records'
}

interface Navigation {
  readonly place: Place
  go(change: Partial<Place>): void
  openIncident(id: string): void
}

const start: Place = {
  workTab: 'incidents',
  incidentId: undefined,
  detailTab: 'park',
  recordTab: 'commands',
  meterId: undefined,
  section: 'work',
}

const NavigationContext = createContext<Navigation | undefined>(undefined)

export function NavigationProvider({ children }: { readonly children: ReactNode }) {
  const [place, setPlace] = useState(start)
  const actions = useMemo(() => {
    const go = (change: Partial<Place>) => setPlace((known) => ({ ...known, ...change }))
    return { go, openIncident: (id: string) => go({ incidentId: id, workTab: 'incidents', section: 'work' }) }
  }, [])
  const navigation = useMemo<Navigation>(() => ({ place, ...actions }), [place, actions])
  return <NavigationContext value={navigation}>{children}</NavigationContext>
}

export function useNavigation(): Navigation {
  const navigation = useContext(NavigationContext)
  if (!navigation) throw new Error('useNavigation needs a NavigationProvider above')
  return navigation
}
