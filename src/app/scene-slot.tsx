import { lazy, Suspense, useSyncExternalStore } from 'react'
import { qualityTiers } from '../scene/quality.ts'
import type { SelectionStore } from '../scene/selection.ts'
import type { Twin } from '../twin/twin.ts'
import { usePreferences, useText } from '../ui/preferences.tsx'

// three is the heaviest part: the lists and numbers stand before it has arrived.
const ParkScene = lazy(() => import('../scene/park-scene.tsx').then(({ ParkScene }) => ({ default: ParkScene })))

const reduceMotion = window.matchMedia('(prefers-reduced-motion: reduce)')

/** `?quality=floor` pins the tier, for kiosks without a GPU and for tests. */
function pinnedQuality() {
  const wished = new URLSearchParams(window.location.search).get('quality')
  return qualityTiers.find((tier) => tier === wished) ?? 'auto'
}

export function SceneSlot({ twin, selection }: { readonly twin: Twin; readonly selection: SelectionStore }) {
  const { theme, language } = usePreferences()
  const text = useText()
  const still = useSyncExternalStore(
    (changed) => {
      reduceMotion.addEventListener('change', changed)
      return () => reduceMotion.removeEventListener('change', changed)
    },
    () => reduceMotion.matches,
  )
  return (
    <Suspense>
      <ParkScene
        twin={twin}
        selection={selection}
        quality={pinnedQuality()}
        theme={theme}
        language={language}
        reducedMotion={still}
        label={text.shell.scene}
      />
    </Suspense>
  )
}
