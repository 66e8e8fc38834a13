import { useEffect, useRef, useState } from 'react'
import { formatAddress, parseAddress } from './address.ts'
import { useNavigation } from './navigation.tsx'
import { usePorts } from './ports.tsx'
import { useSelection } from './use-twin.ts'

/** Keeps the page's address and what is open in step, so that a view can be shared and gone back from. */
export function useAddress(): void {
  const { selection } = usePorts()
  const { place, go } = useNavigation()
  const [picked] = useSelection()
  const written = useRef<string | undefined>(undefined)
  const [ready, setReady] = useState(false)
  useEffect(() => {
    const read = () => {
      const hash = window.location.hash.replace(/^#/, '')
      if (hash === written.current) return
      written.current = hash
      const address = parseAddress(hash)
      if (address.picked) selection.getState().fly(address.picked)
      else selection.getState().select(undefined)
      go({ incidentId: address.incidentId, detailTab: address.tab ?? (address.picked ? 'selected' : 'park') })
    }
    read()
    setReady(true)
    window.addEventListener('hashchange', read)
    return () => window.removeEventListener('hashchange', read)
  }, [selection, go])
  useEffect(() => {
    // What the address asks for comes to the front first; only then is it written over.
    if (!ready) return
    const hash = formatAddress({
      ...(place.incidentId === undefined ? {} : { incidentId: place.incidentId }),
      ...(picked === undefined ? {} : { picked }),
      tab: place.detailTab,
    })
    if (hash === written.current) return
    written.current = hash
    window.history.pushState(null, '', hash === '' ? window.location.pathname + window.location.search : `#${hash}`)
  }, [ready, place.incidentId, place.detailTab, picked])
}
