import { Canvas, useFrame, useThree } from '@react-three/fiber'
import {
  type CSSProperties,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { CustomToneMapping, NoToneMapping, PCFShadowMap, PerspectiveCamera } from 'three'
import { useStore } from 'zustand'
import { systemClock } from '../platform/clock.ts'
import type { SiteFile } from '../site/schema.ts'
import type { Twin } from '../twin/twin.ts'
import { useText } from '../ui/preferences.tsx'
import { fieldOfViewDeg, type SceneCover } from './framing.ts'
import type { View } from './orbit-rig.ts'
import type { SceneTheme } from './palette.ts'
import { type FinishSettings, type QualityTier, qualitySettings, TierAdapter, tierFromRenderer } from './quality.ts'
import type { SceneLanguage } from './scene-labels.ts'
import { SceneView } from './scene-view.ts'
import type { SelectionStore } from './selection.ts'
import { SlowCanvas } from './slow-canvas.ts'
import { ParkStage } from './stage.ts'
import { installToneCurve } from './tone-curve.ts'
import { useFinish } from './use-finish.ts'
import type { ViewStore } from './view-state.ts'
import { watchContext } from './watch-context.ts'

installToneCurve()

export interface ParkSceneProps {
  readonly twin: Twin
  readonly selection: SelectionStore
  /** Layer, storeys and views, shared with the HUD and the address. */
  readonly views: ViewStore
  /** Pins a tier; `auto` begins by the renderer's name and adapts to measured frames. */
  readonly quality?: QualityTier | 'auto'
  readonly theme?: SceneTheme
  readonly language?: SceneLanguage
  /** Draw what cameras see of the ground. */
  readonly cones?: boolean
  readonly reducedMotion?: boolean
  /** What lies over the picture. */
  readonly cover?: SceneCover | undefined
  /** Accessible name of the canvas. */
  readonly label?: string
  /** Said while the GPU has lost the picture. */
  readonly lostText?: string
  /** Anything else to be drawn or measured inside the canvas. */
  readonly children?: ReactNode
  /** For benches and tests: called with each view that is built and, at its end, with undefined. */
  readonly onView?: (view: SceneView | undefined) => void
}

/** The park in 3D, from the site file and the twin's belief. Draws only when there is a reason to. */
export function ParkScene(props: ParkSceneProps) {
  const start = useStartTier()
  return start ? <DrawnScene {...props} start={start} /> : <NoPicture />
}

function NoPicture() {
  const text = useText().shell
  return (
    <div className="empty missing" role="status">
      <p className="empty-title">{text.noPicture}</p>
      <p className="empty-body">{text.noPictureBody}</p>
    </div>
  )
}

/** Undefined while the browser gives no context to draw with; it is asked again, since a driver may come back. */
function useStartTier(): QualityTier | undefined {
  const [start, setStart] = useState(probeTier)
  useEffect(() => (start ? undefined : systemClock.every(60_000, () => setStart(probeTier()))), [start])
  return start
}

function DrawnScene(props: ParkSceneProps & { readonly start: QualityTier }) {
  const { twin, quality = 'auto' } = props
  const site = useStore(twin.store, (state) => state.site)
  const labelHost = useRef<HTMLDivElement>(null)
  // Above all that a change of tier builds anew: it remembers which tiers were too much.
  const [adapter] = useState(() => new TierAdapter(props.start))
  const [adapted, setAdapted] = useState(adapter.tier)
  const adapt = useCallback(
    (frameMs: number) => {
      const next = adapter.frame(frameMs)
      if (next) setAdapted(next)
    },
    [adapter],
  )
  const tier = quality === 'auto' ? adapted : quality
  const settings = useMemo(() => qualitySettings(tier, globalThis.devicePixelRatio || 1), [tier])
  const [lost, setLost] = useState(false)
  /** Rises when a context is gone for good: a new canvas is made then. */
  const [generation, setGeneration] = useState(0)
  const kept = useRef<KeptView | undefined>(undefined)
  const gone = useCallback(() => {
    setLost(false)
    setGeneration((n) => n + 1)
  }, [])
  return (
    <div style={{ position: 'absolute', inset: 0, overflow: 'hidden' }} data-scene-tier={tier}>
      {site && (
        <Canvas
          // A context's antialiasing is fixed at birth: only crossing that line needs a new one.
          key={`${settings.antialias} ${generation}`}
          frameloop="demand"
          flat
          dpr={settings.pixelRatio}
          shadows={settings.shadowMapPx > 0 ? { type: PCFShadowMap } : false}
          gl={{ antialias: settings.antialias, powerPreference: 'high-performance', stencil: false }}
          camera={{ fov: fieldOfViewDeg }}
          style={{ outline: 'none', touchAction: 'none' }}
          tabIndex={0}
          role="application"
          aria-label={props.label ?? 'Park'}
        >
          <Content
            {...props}
            site={site}
            tier={tier}
            finishing={settings.finish}
            labelHost={labelHost}
            kept={kept}
            onLost={setLost}
            onGone={gone}
            adapt={quality === 'auto' ? adapt : undefined}
          />
          {props.children}
        </Canvas>
      )}
      {lost && (
        <p role="status" style={lostStyle}>
          {props.lostText ?? 'The picture is being restored …'}
        </p>
      )}
      <div
        ref={labelHost}
        aria-hidden
        style={{ position: 'absolute', inset: 0, pointerEvents: 'none', overflow: 'hidden' }}
      />
    </div>
  )
}

const lostStyle: CSSProperties = {
  position: 'absolute',
  inset: 'auto auto 50% 50%',
  translate: '-50% 50%',
  margin: 0,
  padding: '10px 16px',
  borderRadius: 'var(--radius, 10px)',
  border: '1px solid var(--line-strong)',
  background: 'var(--surface, #10161e)',
  color: 'var(--text, #e8eef4)',
}

/** Where people looked from, kept over a rebuild of the same park. */
interface KeptView {
  readonly site: string
  readonly view: View
}

interface ContentProps extends ParkSceneProps {
  readonly kept: RefObject<KeptView | undefined>
  readonly onLost: (lost: boolean) => void
  readonly onGone: () => void
  readonly site: SiteFile
  readonly tier: QualityTier
  readonly finishing: FinishSettings | undefined
  readonly labelHost: RefObject<HTMLDivElement | null>
  readonly adapt: ((frameMs: number) => void) | undefined
}

function Content(props: ContentProps) {
  const { twin, selection, views, site, tier, labelHost, adapt, onView, reducedMotion = false, cover } = props
  const { theme = 'dark', language = 'en', cones = true, kept, onLost, onGone } = props
  const { gl, scene, camera, size, invalidate, advance } = useThree()
  const [view, setView] = useState<SceneView | undefined>(undefined)
  const stage = useRef<ParkStage | undefined>(undefined)
  const slow = useRef<SlowCanvas | undefined>(undefined)
  const finish = useFinish(gl, props.finishing)

  useEffect(() => {
    const host = labelHost.current
    if (!(camera instanceof PerspectiveCamera) || !host) return
    const built = new ParkStage({
      site,
      theme,
      quality: qualitySettings(tier, globalThis.devicePixelRatio || 1),
      reducedMotion,
    })
    scene.add(built.root, built.backdrop)
    // Most frames move nothing but the eye: the stage reckons places when something has moved.
    scene.matrixWorldAutoUpdate = false
    const context = gl.getContext()
    // Where a frame takes a tenth of a second, the page must not wait for it.
    const canvas =
      tier === 'floor' && context instanceof WebGL2RenderingContext
        ? new SlowCanvas(gl, context, systemClock, { request: invalidate, advance })
        : undefined
    slow.current = canvas
    const made = new SceneView({
      stage: built,
      twin,
      selection,
      views,
      camera,
      // Keys come to what takes the focus, and that lies two above the canvas.
      element: gl.domElement.closest<HTMLElement>('[role="application"]') ?? gl.domElement,
      labelHost: host,
      requestFrame: canvas?.request ?? invalidate,
      reducedMotion,
      adapt,
      view: kept.current?.site === site.id ? kept.current.view : undefined,
    })
    stage.current = built
    setView(made)
    onView?.(made)
    return () => {
      kept.current = { site: site.id, view: made.rig.view }
      slow.current = undefined
      canvas?.dispose()
      stage.current = undefined
      setView(undefined)
      onView?.(undefined)
      made.dispose()
      built.dispose()
    }
  }, [
    site,
    theme,
    tier,
    twin,
    selection,
    views,
    scene,
    camera,
    gl,
    invalidate,
    advance,
    labelHost,
    kept,
    reducedMotion,
    adapt,
    onView,
  ])

  useEffect(() => {
    gl.toneMapping = tier === 'floor' ? NoToneMapping : CustomToneMapping
    gl.shadowMap.autoUpdate = false
    if (stage.current) stage.current.shadowsDirty = true
    if (finish !== undefined) view?.redraw.invalidate('quality')
  }, [gl, tier, view, finish])

  useEffect(() => view?.resize(size.width, size.height), [view, size.width, size.height])
  useEffect(() => cover && view?.setCover(cover), [view, cover])
  useEffect(() => view?.setLanguage(language), [view, language])
  useEffect(() => view?.setCones(cones), [view, cones])

  useEffect(
    () =>
      watchContext(gl.domElement, systemClock, {
        lost: () => {
          onLost(true)
          slow.current?.forget()
        },
        restored: () => {
          onLost(false)
          if (stage.current) stage.current.shadowsDirty = true
          view?.redraw.invalidate('contextRestored')
        },
        gone: onGone,
      }),
    [gl, view, onLost, onGone],
  )

  // A priority of its own: this scene is drawn here, and not by the canvas afterwards.
  useFrame((state, delta) => {
    if (!view || finish === undefined) return
    const draw = (deltaMs: number) => {
      view.frame(deltaMs, state.gl)
      if (finish && state.camera instanceof PerspectiveCamera)
        finish.render(state.scene, state.camera, view.stage.light)
      else state.gl.render(state.scene, state.camera)
    }
    if (slow.current) return slow.current.frame(delta * 1000, { draw, settle: () => view.settle() })
    draw(delta * 1000)
    view.settle()
  }, 1)
  return null
}

/** Looks once at the renderer's name in a context that is given back at once. */
function probeTier(): QualityTier | undefined {
  const context = document.createElement('canvas').getContext('webgl2')
  if (!context) return undefined
  const info = context.getExtension('WEBGL_debug_renderer_info')
  const name: unknown = info ? context.getParameter(info.UNMASKED_RENDERER_WEBGL) : ''
  context.getExtension('WEBGL_lose_context')?.loseContext()
  return tierFromRenderer(typeof name === 'string' ? name : '')
}
