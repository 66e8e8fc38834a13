import { useEffect, useRef } from 'react'
import { useText } from '../../ui/preferences.tsx'
import { useHud } from './hud-context.tsx'

/** Points north as the view turns; a click turns north up. Its needle follows the view without React. */
export function Compass() {
  const text = useText()
  const { views } = useHud()
  const needle = useRef<SVGGElement>(null)
  useEffect(() => {
    const turn = () => {
      const { pose } = views.getState()
      needle.current?.setAttribute('transform', `rotate(${-(pose?.headingDeg ?? 0)} 12 12)`)
    }
    turn()
    return views.subscribe((now, before) => now.pose !== before.pose && turn())
  }, [views])
  const northUp = () => {
    const { pose, flyTo } = views.getState()
    if (pose) flyTo({ ...pose, headingDeg: 0 })
  }
  return (
    <button type="button" className="compass" aria-label={text.hud.north} title={text.hud.north} onClick={northUp}>
      <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
        <circle cx="12" cy="12" r="10.5" className="compass-ring" />
        <g ref={needle}>
          <path d="M12 3.500L15 12H9z" className="compass-north" />
          <path d="M12 20.500L9 12h6z" className="compass-south" />
        </g>
      </svg>
    </button>
  )
}
