import { Suspense } from 'react'
import type { CameraViewPort } from '../panels/ports.tsx'
import { qualityTiers } from '../scene/quality.ts'
import type { SelectionStore } from '../scene/selection.ts'
import type { ViewStore } from '../scene/view-state.ts'
import type { Twin } from '../twin/twin.ts'
import { Boundary, fetched } from '../ui/boundary.tsx'
import { usePreferences, useText } from '../ui/preferences.tsx'
import { useLessMotion, useNarrowScreen } from './media.ts'
import { reloadThisPage } from './reload-when-served.ts'
import { useCovers, useSceneCover } from './scene-cover.tsx'

// three is the heaviest part: the lists and numbers stand before it has arrived.
const ParkScene = fetched(() => import('../scene/park-scene.tsx').then((it) => it.ParkScene))

const SceneHud = fetched(() => import('../scene/hud/hud.tsx').then((it) => it.SceneHud))

/** `?quality=floor` pins the tier, for kiosks without a GPU and for tests. */
function pinnedQuality() {
  const wished = new URLSearchParams(window.location.search).get('quality')
  return qualityTiers.find((tier) => tier === wished) ?? 'auto'
}

interface SceneSlotProps {
  readonly twin: Twin
  readonly selection: SelectionStore
  readonly views: ViewStore
  readonly cameraView: CameraViewPort
}

export function SceneSlot({ twin, selection, views, cameraView }: SceneSlotProps) {
  const { theme, language } = usePreferences()
  const text = useText()
  const cover = useSceneCover()
  const covers = useCovers('within')
  const still = useLessMotion()
  const phone = useNarrowScreen()
  return (
    <Suspense fallback={<SceneWaiting />}>
      <Boundary heal={reloadThisPage}>
        <ParkScene
          twin={twin}
          selection={selection}
          views={views}
          quality={pinnedQuality()}
          theme={theme}
          language={language}
          reducedMotion={still}
          label={text.shell.scene}
          lostText={text.shell.sceneLost}
          cover={cover}
        />
      </Boundary>
      <Boundary heal={reloadThisPage}>
        <SceneHud
          twin={twin}
          selection={selection}
          views={views}
          frames={cameraView}
          cover={cover}
          covers={covers}
          phone={phone}
        />
      </Boundary>
    </Suspense>
  )
}

/** Stands where the park will: its outline, so that the middle of the screen is never simply empty. */
function SceneWaiting() {
  const text = useText()
  return (
    <div className="scene-waiting" role="presentation">
      <svg viewBox="0 0 320 180" aria-hidden="true">
        <path d="M8 92 122 16 312 62 214 168Z" />
        <path d="M78 78v28l46 14V92l-46-14 22-14 46 12-22 16" />
        <path d="M168 94v24l42 13v-24l-42-13 20-13 42 11-20 15" />
        <path d="M150 48v12l34 9V57l-34-9 16-9 34 8-16 10" />
      </svg>
      <p>{text.shell.sceneWaiting}</p>
    </div>
  )
}
