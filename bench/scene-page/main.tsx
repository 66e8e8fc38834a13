/** The scene alone with a fabricated twin. Query: hour, theme, tier, select, layer, lang, incident, tracks, cones, view, draws. */
import { useThree } from '@react-three/fiber'
import { StrictMode, useMemo } from 'react'
import { createRoot } from 'react-dom/client'
import { systemClock } from '../../src/platform/clock.ts'
import { ok } from '../../src/platform/result.ts'
import { sceneLayers } from '../../src/scene/data-layers/layer-catalogue.ts'
import { ParkScene } from '../../src/scene/park-scene.tsx'
import { qualityTiers } from '../../src/scene/quality.ts'
import type { SceneView } from '../../src/scene/scene-view.ts'
import { createSelection, type PickKind } from '../../src/scene/selection.ts'
import { createViewState, storeyModes } from '../../src/scene/view-state.ts'
import { parseSite } from '../../src/site/load.ts'
import type { SiteFile } from '../../src/site/schema.ts'
import type { Twin } from '../../src/twin/twin.ts'
import { fixtureTwin } from './fixture.ts'
import { setDrawsLight } from './light-draws.ts'
import { measureFrames, measureScene } from './measure.ts'
import { switchSites } from './switch-sites.ts'

const query = new URLSearchParams(location.search)
if (query.get('draws') === 'light') setDrawsLight(true)
const theme = query.get('theme') === 'light' ? 'light' : 'dark'
const selection = createSelection()
const views = createViewState()
views.getState().show(sceneLayers.find((l) => l === query.get('layer')) ?? 'none')
views.getState().setStoreyMode(storeyModes.find((m) => m === query.get('mode')) ?? 'cut')

function Page({ site }: { readonly site: SiteFile }) {
  const twin = useMemo(
    () =>
      fixtureTwin(site, systemClock, {
        hour: Number(query.get('hour') ?? 14),
        tracks: query.get('tracks') !== '0',
        incident: query.get('incident') === '1',
        rainMmPerH: Number(query.get('rain') ?? 0),
      }),
    [site],
  )
  return (
    <ParkScene
      twin={twin}
      selection={selection}
      theme={theme}
      quality={qualityTiers.find((t) => t === query.get('tier')) ?? 'auto'}
      views={views}
      language={query.get('lang') === 'zh' ? 'zh' : 'en'}
      cones={query.get('cones') !== '0'}
      reducedMotion={query.get('bench') !== '1'}
      onView={onView}
    >
      <Probe twin={twin} startSite={site} />
    </ParkScene>
  )
}

let current: SceneView | undefined

/** Stable over renders: a new function would rebuild the scene. */
function onView(view: SceneView | undefined): void {
  current = view
  if (view) ready(view)
}

/** Hands the renderer to the bench. */
function Probe({ twin, startSite }: { readonly twin: Twin; readonly startSite: SiteFile }) {
  const root = useThree()
  const measure = (rounds: number, idleMs: number) => {
    if (!current) throw new Error('the scene is gone')
    return measureScene({ root, view: current, twin, rounds, idleMs })
  }
  const frameMs = (rounds: number) => {
    setDrawsLight(false)
    return current ? measureFrames({ root, view: current }, rounds) : Number.NaN
  }
  const switchTo = async (times: number) => {
    const other = parseSite(await (await fetch('/other.site.json')).json())
    if (!other.ok) throw new Error(`${other.error.path}: ${other.error.message}`)
    return switchSites({ root, twin, view: () => current, sites: [startSite, other.value] }, times)
  }
  Object.assign(globalThis, { measure, frameMs, switchTo, root })
  return null
}

/** Says `data-ready` once the picture stands still. */
function ready(view: SceneView): void {
  const [kind, ...rest] = (query.get('select') ?? '').split(':')
  if (rest.length > 0) selection.getState().fly({ kind: kind as PickKind, id: rest.join(':') })
  const wanted = query.get('view')?.split(',').map(Number)
  if (wanted?.length === 6) {
    const [x = 0, y = 0, z = 0, headingDeg = 0, elevationDeg = 30, distanceM = 100] = wanted
    view.rig.jump({ target: [x, y, z], headingDeg, elevationDeg, distanceM })
    view.redraw.invalidate('view')
  }
  let last = -1
  let calm = 0
  const look = () => {
    calm = view.redraw.framesTotal === last && last > 0 ? calm + 1 : 0
    last = view.redraw.framesTotal
    if (calm > 4) document.documentElement.dataset.ready = '1'
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
  Object.assign(globalThis, { sceneView: view })
}

const answer = await fetch(query.get('site') ?? '/sites/campus.site.json')
const raw: unknown = await answer.json()
// A bench hands in what it has built and checked itself; checking 50,000 devices is not what it measures.
const site = query.get('checked') === '1' ? ok(raw as SiteFile) : parseSite(raw)
const root = document.getElementById('root')
document.documentElement.dataset.theme = theme
if (site.ok && root)
  createRoot(root).render(
    <StrictMode>
      <div style={{ position: 'relative', width: '100vw', height: '100vh' }}>
        <Page site={site.value} />
      </div>
    </StrictMode>,
  )
else document.body.textContent = site.ok ? 'no root' : `${site.error.path}: ${site.error.message}`
