import '../ui/tokens.css'
import '../ui/primitives.css'
import '../panels/panels.css'
import './console-shell.css'
import { type ReactNode, useMemo, useSyncExternalStore } from 'react'
import type { CameraControls, PictureExporter } from '../contract/camera-port.ts'
import type { IntentPort } from '../contract/intent-port.ts'
import type { ModelControls } from '../contract/model-port.ts'
import type { SitePort } from '../contract/site-port.ts'
import { useCameraToasts } from '../panels/cameras/use-camera-toasts.ts'
import { useIncidentToasts } from '../panels/incidents/use-incident-toasts.ts'
import { NavigationProvider } from '../panels/navigation.tsx'
import { type CameraViewPort, PortsProvider } from '../panels/ports.tsx'
import { LinkNotice } from '../panels/status/link-mark.tsx'
import { TopBar } from '../panels/status/top-bar.tsx'
import { Tour } from '../panels/tour.tsx'
import { useAddress } from '../panels/use-address.ts'
import { useSelectionFollower } from '../panels/use-selection-follower.ts'
import type { Clock } from '../platform/clock.ts'
import type { SelectionStore } from '../scene/selection.ts'
import type { ViewStore } from '../scene/view-state.ts'
import type { Camera } from '../site/schema.ts'
import type { Twin } from '../twin/twin.ts'
import { PreferencesProvider, useText } from '../ui/preferences.tsx'
import { ToastProvider } from '../ui/toast.tsx'
import { DockedPanels } from './docked-panels.tsx'
import { SceneCoverProvider, useCovers } from './scene-cover.tsx'
import { SheetPanels } from './sheet-panels.tsx'

export interface ConsoleShellProps {
  readonly twin: Twin
  readonly intents: IntentPort
  readonly clock: Clock
  readonly selection: SelectionStore
  readonly views: ViewStore
  readonly cameraView: CameraViewPort
  readonly cameraControls: CameraControls
  readonly pictureExporter: PictureExporter
  readonly calibrate: (camera: Camera) => void
  readonly modelControls?: ModelControls
  readonly sites?: SitePort
  /** Fills the screen behind the panels. */
  readonly scene: ReactNode
}

/** The manager's console: the scene as hero, panels at its edges. Builds nothing; everything is given. */
export function ConsoleShell({ scene, ...given }: ConsoleShellProps) {
  const {
    twin,
    intents,
    clock,
    selection,
    views,
    cameraView,
    cameraControls,
    pictureExporter,
    calibrate,
    modelControls,
    sites,
  } = given
  const ports = useMemo(
    () => ({
      twin,
      intents,
      clock,
      selection,
      views,
      cameraView,
      cameraControls,
      pictureExporter,
      calibrate,
      modelControls,
      sites,
    }),
    [
      twin,
      intents,
      clock,
      selection,
      views,
      cameraView,
      cameraControls,
      pictureExporter,
      calibrate,
      modelControls,
      sites,
    ],
  )
  return (
    <PreferencesProvider>
      <PortsProvider ports={ports}>
        <NavigationProvider>
          <SceneCoverProvider>
            <Frame scene={scene} />
          </SceneCoverProvider>
        </NavigationProvider>
      </PortsProvider>
    </PreferencesProvider>
  )
}

function Frame({ scene }: { readonly scene: ReactNode }) {
  const text = useText()
  return (
    <ToastProvider closeLabel={text.common.close}>
      <Layout scene={scene} />
    </ToastProvider>
  )
}

function Layout({ scene }: { readonly scene: ReactNode }) {
  const text = useText()
  const narrow = useMedia('(max-width: 820px)')
  const covers = useCovers('top')
  useIncidentToasts()
  useCameraToasts()
  useSelectionFollower()
  useAddress()
  return (
    <div className="console">
      <a className="skip-link" href="#incidents">
        {text.shell.skipToIncidents}
      </a>
      <main className="console-scene" aria-label={text.shell.scene}>
        {scene}
      </main>
      <div ref={covers} className="console-top">
        <TopBar />
      </div>
      <LinkNotice />
      {narrow ? <SheetPanels /> : <DockedPanels />}
      {!narrow && <Tour />}
    </div>
  )
}

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = window.matchMedia(query)
      media.addEventListener('change', changed)
      return () => media.removeEventListener('change', changed)
    },
    () => window.matchMedia(query).matches,
  )
}
