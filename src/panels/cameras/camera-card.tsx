import { useEffect, useRef, useState } from 'react'
import { wordText } from '../../ui/i18n/language.ts'
import { usePreferences, useText } from '../../ui/preferences.tsx'
import { usePorts } from '../ports.tsx'
import { useFormat, useNames, useSelection, useTwin } from '../use-twin.ts'
import { drawFrame, type TrackLook } from './draw-frame.ts'

/** The live picture of one camera with what the tracker holds, and how healthy the source is. */
export function CameraCard({ cameraId }: { readonly cameraId: string }) {
  const names = useNames()
  const text = useText()
  const [, show] = useSelection()
  const tracked = useTwin((state) => state.tracks.filter((track) => track.cameraId === cameraId).length)
  return (
    <figure className="camera" aria-label={names.thing(cameraId)}>
      <CameraPicture cameraId={cameraId} />
      <figcaption className="camera-caption">
        <button type="button" className="link-button" onClick={() => show({ kind: 'camera', id: cameraId })}>
          {names.thing(cameraId)}
        </button>
        <span className="camera-tracks">{text.cameras.seen(tracked)}</span>
        <CameraHealthLine cameraId={cameraId} />
      </figcaption>
    </figure>
  )
}

/** Frames go straight to the canvas; React only learns that the first one came. */
function CameraPicture({ cameraId }: { readonly cameraId: string }) {
  const text = useText()
  const names = useNames()
  const { theme } = usePreferences()
  const { cameraView, twin } = usePorts()
  const canvas = useRef<HTMLCanvasElement>(null)
  const [running, setRunning] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours of the boxes follow the theme
  useEffect(() => {
    const element = canvas.current
    if (!element) return undefined
    const look = trackLook(element)
    const word = (className: string) => wordText(text.cameras.classes, className)
    return cameraView.subscribeFrames(cameraId, (bitmap) => {
      const tracks = twin.store.getState().tracks.filter((track) => track.cameraId === cameraId)
      drawFrame(element, bitmap, tracks, look, word)
      setRunning(true)
    })
  }, [cameraView, cameraId, twin, text, theme])
  return (
    <div className="camera-frame">
      <canvas
        ref={canvas}
        width={384}
        height={216}
        className="camera-canvas"
        role="img"
        aria-label={text.cameras.picture(names.thing(cameraId))}
      />
      {!running && <span className="camera-waiting">{text.cameras.noFrame}</span>}
    </div>
  )
}

function trackLook(element: HTMLElement): TrackLook {
  const style = getComputedStyle(element)
  const token = (name: string) => style.getPropertyValue(name).trim()
  return { line: '#4fc3d9', alarm: '#ff7a76', text: '#04232a', font: `600 10px ${token('--font')}` }
}

function CameraHealthLine({ cameraId }: { readonly cameraId: string }) {
  const text = useText()
  const format = useFormat()
  const health = useTwin((state) => state.cameras.get(cameraId))
  const nowMs = useTwin((state) => state.siteNowMs)
  const speed = useTwin((state) => state.clock.speed)
  const engine = useTwin((state) => state.loop.engine)
  const inferenceMs = useTwin((state) => state.loop.inferenceMs)
  if (!health) return null
  const ageMs = Math.max(0, (nowMs - health.lastFrameAtMs) / Math.max(1, speed))
  return (
    <span className="camera-health">
      {health.fault !== undefined && (
        <b className="camera-fault">{text.cameras.fault(wordText(text.faults.codes, health.fault))}</b>
      )}
      <span>{text.cameras.fps(format.number(health.fps, 1))}</span>
      <span>{text.cameras.age(format.duration(Math.round(ageMs / 10) * 10))}</span>
      <span>{`${health.width}×${health.height}`}</span>
      {health.framesDropped > 0 && <span>{text.cameras.dropped(format.number(health.framesDropped))}</span>}
      {engine && inferenceMs !== undefined && (
        <span>{`${engine === 'webgpu' ? 'WebGPU' : 'WASM'} ${format.duration(inferenceMs)}`}</span>
      )}
    </span>
  )
}
