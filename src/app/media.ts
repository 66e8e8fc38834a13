import { useSyncExternalStore } from 'react'

/**
 * Where one sheet stands below the scene instead of panels around it: phones, and tablets held upright, where panels on
 * both sides would leave the park a strip. The style sheet of the shell asks the same.
 */
const narrowScreen = window.matchMedia('(max-width: 820px), (max-width: 1100px) and (orientation: portrait)')
const lessMotion = window.matchMedia('(prefers-reduced-motion: reduce)')

export const useNarrowScreen = (): boolean => useMatches(narrowScreen)
export const useLessMotion = (): boolean => useMatches(lessMotion)

function useMatches(media: MediaQueryList): boolean {
  return useSyncExternalStore(
    (changed) => {
      media.addEventListener('change', changed)
      return () => media.removeEventListener('change', changed)
    },
    () => media.matches,
  )
}
