import { StrictMode } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import type { ConsoleConfig } from '../contract/console-config.ts'
import { systemClock } from '../platform/clock.ts'
import { ConsoleShell } from './console-shell.tsx'
import { LastResort } from './last-resort.tsx'
import { loadConfig } from './load-config.ts'
import { openCameraMemory } from './open-cameras.ts'
import { openParkSession, type ParkSession } from './park-session.ts'
import { SceneSlot } from './scene-slot.tsx'
import { addressOfSite, siteInAddress } from './site-address.ts'
import { StartFault } from './start-fault.tsx'

async function start(root: Root): Promise<void> {
  const config = await loadConfig(window.location.href)
  if (!config.ok) {
    root.render(<StartFault code={config.error.code} detail={config.error.detail} />)
    return
  }
  const page = new ParkPage(root, config.value)
  page.show(config.value.siteId)
  // Leaving the page: tell the broker and give the lease back at once, instead of letting others wait for it.
  window.addEventListener('pagehide', () => page.close(), { once: true })
  // Back from the browser's page cache: what was closed on leaving does not open again by itself.
  window.addEventListener('pageshow', ({ persisted }) => persisted && window.location.reload())
}

/** One park after the other on one page; each has a session and a console of its own. */
class ParkPage {
  readonly #root: Root
  readonly #config: ConsoleConfig
  readonly #memory = openCameraMemory()
  #session: ParkSession | undefined
  #siteId = ''
  #shown = 0

  constructor(root: Root, config: ConsoleConfig) {
    this.#root = root
    this.#config = config
    window.addEventListener('popstate', () => {
      const siteId = siteInAddress(window.location.href) ?? config.siteId
      if (siteId !== this.#siteId) this.show(siteId)
    })
  }

  show(siteId: string): void {
    this.#session?.dispose()
    this.#siteId = siteId
    const config = { ...this.#config, siteId }
    const session = openParkSession(config, window.location.href, this.#memory, (next) => this.#go(next))
    this.#session = session
    const { dispose: _, ...own } = session
    const { twin, selection, views, cameraView } = own
    this.#root.render(
      <StrictMode>
        <LastResort key={this.#shown++}>
          <ConsoleShell
            ports={{ ...own, clock: systemClock }}
            scene={<SceneSlot twin={twin} selection={selection} views={views} cameraView={cameraView} />}
          />
        </LastResort>
      </StrictMode>,
    )
  }

  close(): void {
    this.#session?.dispose()
  }

  #go(siteId: string): void {
    window.history.pushState(null, '', addressOfSite(window.location.href, siteId))
    this.show(siteId)
  }
}

const place = document.getElementById('root')
if (!place) throw new Error('index.html has no #root')
const root = createRoot(place)
start(root).catch((error: unknown) => root.render(<StartFault code="stopped" detail={String(error)} />))
