import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { systemClock } from '../platform/clock.ts'
import { ConsoleShell } from './console-shell.tsx'
import { loadConfig } from './load-config.ts'
import { openParkSession } from './park-session.ts'
import { SceneSlot } from './scene-slot.tsx'
import { StartFault } from './start-fault.tsx'

async function start(): Promise<void> {
  const place = document.getElementById('root')
  if (!place) throw new Error('index.html has no #root')
  const root = createRoot(place)
  const config = await loadConfig(window.location.href)
  if (!config.ok) {
    root.render(<StartFault code={config.error.code} detail={config.error.detail} />)
    return
  }
  const session = openParkSession(config.value, window.location.href)
  // Leaving the page: tell the broker and give the lease back at once, instead of letting others wait for it.
  window.addEventListener('pagehide', () => session.dispose(), { once: true })
  // Back from the browser's page cache: what was closed on leaving does not open again by itself.
  window.addEventListener('pageshow', ({ persisted }) => persisted && window.location.reload())
  const { twin, intents, selection, views, cameraView, cameraControls, pictureExporter, calibrate, modelControls } =
    session
  root.render(
    <StrictMode>
      <ConsoleShell
        twin={twin}
        intents={intents}
        clock={systemClock}
        selection={selection}
        views={views}
        cameraView={cameraView}
        cameraControls={cameraControls}
        pictureExporter={pictureExporter}
        calibrate={calibrate}
        modelControls={modelControls}
        scene={<SceneSlot twin={twin} selection={selection} views={views} cameraView={cameraView} />}
      />
    </StrictMode>,
  )
}

void start()
