import { useEffect, useRef, useState } from 'react'
import { wordText } from '../../ui/i18n/language.ts'
import { usePreferences, useText } from '../../ui/preferences.tsx'
import { usePorts } from '../ports.tsx'
import { useFormat, useNames, usePictureSize } from '../use-twin.ts'
import { drawFrame, type TrackLook } from './draw-frame.ts'
import { staysInTab } from './stays-in-tab.ts'

/** Frames go straight to the canvas; React only learns that the first one came. */
export function CameraPicture({ cameraId }: { readonly cameraId: string }) {
  const text = useText()
  const names = useNames()
  const format = useFormat()
  const { theme } = usePreferences()
  const { cameraView, twin } = usePorts()
  const size = usePictureSize(cameraId)
  const canvas = useRef<HTMLCanvasElement>(null)
  const [running, setRunning] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours of the boxes follow the theme
  useEffect(() => {
    const element = canvas.current
    if (!element) return undefined
    const look = trackLook(element)
    const words = {
      className: (className: string) => wordText(text.cameras.classes, className),
      ago: (ms: number) => text.common.ago(format.duration(Math.round(ms / 100) * 100)),
    }
    return cameraView.subscribeFrames(cameraId, (bitmap, capturedAtMs) => {
      const { sightings, clock } = twin.store.getState()
      const tracks = sightings
        .filter((track) => track.cameraId === cameraId)
        .map((track) => ({ track, olderMs: (capturedAtMs - track.lastSeenMs) / Math.max(1, clock.speed) }))
      drawFrame(element, bitmap, tracks, look, words)
      setRunning(true)
    })
  }, [cameraView, cameraId, twin, text, format, theme])
  return (
    <div className="camera-frame" {...staysInTab}>
      <canvas
        ref={canvas}
        {...size}
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
