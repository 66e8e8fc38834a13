import '../ui/tokens.css'
import '../ui/primitives.css'
import '../panels/panels.css'
import './console-shell.css'
import { type ReactNode, useRef } from 'react'
import { flushSync } from 'react-dom'
import { useCameraToasts } from '../panels/cameras/use-camera-toasts.ts'
import { useIncidentToasts } from '../panels/incidents/use-incident-toasts.ts'
import { NavigationProvider, useNavigation } from '../panels/navigation.tsx'
import { type ConsolePorts, PortsProvider } from '../panels/ports.tsx'
import { LinkNotice } from '../panels/status/link-mark.tsx'
import { TopBar } from '../panels/status/top-bar.tsx'
import { Tour } from '../panels/tour.tsx'
import { useAddress } from '../panels/use-address.ts'
import { usePageTitle } from '../panels/use-page-title.ts'
import { useSelectionFollower } from '../panels/use-selection-follower.ts'
import { WordsProvider } from '../panels/words.tsx'
import { Boundary } from '../ui/boundary.tsx'
import { useKeptFocus } from '../ui/kept-focus.ts'
import { PreferencesProvider, useText } from '../ui/preferences.tsx'
import { ToastProvider } from '../ui/toast.tsx'
import { DockedPanels } from './docked-panels.tsx'
import { useNarrowScreen } from './media.ts'
import { reloadThisPage } from './reload-when-served.ts'
import { SceneCoverProvider, useCovers } from './scene-cover.tsx'
import { SheetPanels } from './sheet-panels.tsx'

interface ConsoleShellProps {
  /** One object for as long as the console stands. */
  readonly ports: ConsolePorts
  /** Fills the screen behind the panels. */
  readonly scene: ReactNode
}

/** The manager's console: the scene as hero, panels at its edges. Builds nothing; everything is given. */
export function ConsoleShell({ ports, scene }: ConsoleShellProps) {
  return (
    <PreferencesProvider>
      <PortsProvider ports={ports}>
        <WordsProvider>
          <NavigationProvider>
            <SceneCoverProvider>
              <Frame scene={scene} />
            </SceneCoverProvider>
          </NavigationProvider>
        </WordsProvider>
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
  const narrow = useNarrowScreen()
  const covers = useCovers('top')
  useIncidentToasts()
  useCameraToasts()
  useSelectionFollower()
  useAddress()
  usePageTitle()
  const root = useRef<HTMLDivElement>(null)
  useKeptFocus(root)
  const { go } = useNavigation()
  // No link: what follows the # in the address says what is open, and to go to a place in the page would close it all.
  const skip = () => {
    flushSync(() => go({ workTab: 'incidents', section: 'work' }))
    document.querySelector<HTMLElement>('#incidents, .panel-folded-left button')?.focus()
  }
  return (
    <div className="console" ref={root}>
      <button type="button" className="skip-link" onClick={skip}>
        {text.shell.skipToIncidents}
      </button>
      <main className="console-scene" aria-label={text.shell.scene}>
        {scene}
      </main>
      <div ref={covers} className="console-top">
        <Boundary heal={reloadThisPage}>
          <TopBar />
        </Boundary>
      </div>
      <Boundary heal={reloadThisPage}>
        <LinkNotice />
      </Boundary>
      {narrow ? <SheetPanels /> : <DockedPanels />}
      {!narrow && <Tour />}
    </div>
  )
}
