import { useEffect, useRef, useState } from 'react'
import { wordText } from '../../ui/i18n/language.ts'
import { usePreferences, useText } from '../../ui/preferences.tsx'
import { usePorts } from '../ports.tsx'
import { useNames, usePictureSize } from '../use-twin.ts'
import { drawFrame, type TrackLook } from './draw-frame.ts'

/** Frames go straight to the canvas; React only learns that the first one came. */
export function CameraPicture({ cameraId }: { readonly cameraId: string }) {
  const text = useText()
  const names = useNames()
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
    const word = (className: string) => wordText(text.cameras.classes, className)
    return cameraView.subscribeFrames(cameraId, (bitmap) => {
      const tracks = twin.store.getState().sightings.filter((track) => track.cameraId === cameraId)
      drawFrame(element, bitmap, tracks, look, word)
      setRunning(true)
    })
  }, [cameraView, cameraId, twin, text, theme])
  return (
    <div className="camera-frame">
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
