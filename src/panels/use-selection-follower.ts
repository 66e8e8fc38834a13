import { useEffect } from 'react'
import { useNavigation } from './navigation.tsx'
import { usePorts } from './ports.tsx'

/** Whatever is newly selected, in the scene or elsewhere, comes to the front of the details. */
export function useSelectionFollower(): void {
  const { selection } = usePorts()
  const { go } = useNavigation()
  useEffect(
    () =>
      selection.subscribe((state, before) => {
        if (state.selected === before.selected) return
        // Who gathers many goes on gathering: the tree stays in front.
        if (state.selected && state.many.length < 2) go({ detailTab: 'selected', section: 'selected' })
      }),
    [selection, go],
  )
}
