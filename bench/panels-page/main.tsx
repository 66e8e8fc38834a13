import { createRoot } from 'react-dom/client'
import { ConsoleShell } from '../../src/app/console-shell.tsx'
import type { CameraControls, CameraSetup } from '../../src/contract/camera-port.ts'
import type { IntentPort } from '../../src/contract/intent-port.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { createSelection, type PickKind } from '../../src/scene/selection.ts'
import { createViewState } from '../../src/scene/view-state.ts'
import { fakeTwin, site, tick } from './fake-park.ts'

const query = new URLSearchParams(location.search)
const twin = fakeTwin(query.get('story') ?? 'dock')
const selection = createSelection()
const views = createViewState()

if (query.get('story') !== 'connecting')
  systemClock.every(250, () => {
    if (Math.floor(twin.siteClock.nowMs() / 250) % 8 === 0) tick(twin, twin.siteClock.nowMs())
    twin.project({
      cameras: new Map(
        [...twin.store.getState().cameras].map(([id, health]) => [
          id,
          { ...health, lastFrameAtMs: twin.siteClock.nowMs() - 90 },
        ]),
      ),
    })
    twin.beat()
  })

const intents: IntentPort = {
  approvePlan(planId) {
    const { plans } = twin.store.getState()
    twin.project({
      plans: plans.map((plan) =>
        plan.id === planId
          ? { ...plan, state: 'executing', decidedBy: 'operator', decidedAtMs: twin.siteClock.nowMs() }
          : plan,
      ),
    })
    return { accepted: true }
  },
  rejectPlan: () => ({ accepted: true }),
  command: () => ({ accepted: false, why: 'interlock:personInSwing' }),
  rollback: () => ({ accepted: true }),
  acknowledgeIncident: () => ({ accepted: true }),
  scenario: () => ({ accepted: true }),
}

const cameraView = {
  subscribeFrames(cameraId: string, draw: (bitmap: ImageBitmap, capturedAtMs: number) => void) {
    const canvas = new OffscreenCanvas(384, 216)
    const context = canvas.getContext('2d')
    return systemClock.every(200, () => {
      if (!context) return
      const sky = context.createLinearGradient(0, 0, 0, 216)
      sky.addColorStop(0, '#10161f')
      sky.addColorStop(1, '#2a3138')
      context.fillStyle = sky
      context.fillRect(0, 0, 384, 216)
      context.fillStyle = '#3a4048'
      context.fillRect(20, 30, 344, 60)
      context.fillStyle = '#c9b38a'
      context.fillRect(158, 76, 14, 62)
      context.fillStyle = '#8fa0b0'
      context.fillText(cameraId, 8, 208)
      draw(canvas.transferToImageBitmap(), twin.siteClock.nowMs())
    })
  },
}

const setups: ReadonlyMap<string, CameraSetup> = new Map(
  site.cameras.map((camera) => [
    camera.id,
    { kind: 'virtual', shown: 'virtual:', chosenHere: false, siteShown: 'virtual:', siteMasks: [], ownMasks: [] },
  ]),
)
const cameraControls: CameraControls = {
  setups: () => setups,
  onSetups: () => () => {},
  chooseSource: () => {},
  chooseFile: () => {},
  setMasks: () => {},
  retry: () => {},
}

const select = query.get('select')
if (select) {
  const [kind, id] = select.split(':')
  systemClock.after(300, () => selection.getState().select({ kind: kind as PickKind, id: id ?? '' }))
}

const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <ConsoleShell
      ports={{
        twin,
        intents,
        clock: systemClock,
        selection,
        views,
        cameraView,
        cameraControls,
        pictureExporter: { exportPicture: async () => ({ ok: false, error: 'noDetector' }) },
        calibrate: () => undefined,
      }}
      scene={
        <svg width="100%" height="100%" preserveAspectRatio="xMidYMid slice" viewBox="0 0 160 90" aria-hidden="true">
          <rect width="160" height="90" fill="#1b2530" />
          <path d="M0 60L80 30l80 30v30H0z" fill="#24313d" />
          {site.buildings.map((building, i) => (
            <path
              key={building.id}
              d={`M${40 + i * 11} ${50 + (i % 3) * 6}l8-4 8 4v-${8 + (i % 4) * 3}l-8-4-8 4z`}
              fill="#3d4c5a"
            />
          ))}
        </svg>
      }
    />,
  )
