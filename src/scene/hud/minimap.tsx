import { type MouseEvent, useEffect, useRef } from 'react'
import type { SiteFile } from '../../site/schema.ts'
import { usePreferences, useText } from '../../ui/preferences.tsx'
import { groundQuad } from './ground-quad.ts'
import { useHud } from './hud-context.tsx'
import { drawAlarms, drawGround, drawView, fitMap, fromMap, type MapColors } from './minimap-draw.ts'

const size = { width: 168, height: 124 }

/** The park from above: what is in view, where alarms are; a click flies there. Drawn straight to a canvas. */
export function Minimap({ site }: { readonly site: SiteFile }) {
  const text = useText()
  const { theme } = usePreferences()
  const { twin, views } = useHud()
  const canvas = useRef<HTMLCanvasElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: its colours follow the theme
  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (!element || !context) return
    const ratio = Math.min(2, window.devicePixelRatio || 1)
    element.width = size.width * ratio
    element.height = size.height * ratio
    const colors = mapColors(element)
    const fit = fitMap(site, size.width, size.height)
    const still = document.createElement('canvas')
    still.width = element.width
    still.height = element.height
    const stillContext = still.getContext('2d')
    stillContext?.scale(ratio, ratio)
    if (stillContext) drawGround(stillContext, fit, site, colors)
    const draw = () => {
      const { pose, lens } = views.getState()
      context.setTransform(1, 0, 0, 1, 0, 0)
      context.clearRect(0, 0, element.width, element.height)
      context.drawImage(still, 0, 0)
      context.setTransform(ratio, 0, 0, ratio, 0, 0)
      if (pose) drawView(context, fit, groundQuad(pose, lens), colors.accent)
      drawAlarms(context, fit, site, twin.store.getState().incidents, colors)
    }
    draw()
    const stopViews = views.subscribe((now, before) => now.pose !== before.pose && draw())
    const stopTwin = twin.store.subscribe((now, before) => now.incidents !== before.incidents && draw())
    return () => {
      stopViews()
      stopTwin()
    }
  }, [site, views, twin, theme])
  const fly = (event: MouseEvent<HTMLButtonElement>) => {
    const { pose, flyTo } = views.getState()
    // From the keyboard there is no place that was pointed at.
    if (!pose || event.detail === 0) return
    const box = event.currentTarget.getBoundingClientRect()
    const [x, y] = fromMap(fitMap(site, size.width, size.height), [event.clientX - box.left, event.clientY - box.top])
    flyTo({ ...pose, target: [x, y, 0], distanceM: Math.min(pose.distanceM, 160) })
  }
  return (
    <button type="button" className="minimap" aria-label={text.hud.minimap} onClick={fly}>
      <canvas ref={canvas} style={size} />
    </button>
  )
}

function mapColors(element: HTMLElement): MapColors {
  const style = getComputedStyle(element)
  const token = (name: string) => style.getPropertyValue(name).trim()
  return {
    ground: token('--map-ground'),
    road: token('--map-road'),
    green: token('--map-green'),
    water: token('--map-water'),
    building: token('--map-building'),
    line: token('--line-strong'),
    accent: token('--accent'),
    priority: {
      critical: token('--critical'),
      high: token('--high'),
      medium: token('--medium'),
      low: token('--low'),
    },
  }
}
