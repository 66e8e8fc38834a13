import { useEffect, useState } from 'react'
import { Button, IconButton } from '../ui/button.tsx'
import { useText } from '../ui/preferences.tsx'
import { remember, remembered } from '../ui/remembered.ts'
import { useTwin } from './use-twin.ts'

/** What each stop points at. */
const stops = [
  { word: 'loop', at: '.loop-numbers' },
  { word: 'scene', at: undefined },
  { word: 'work', at: '.panel-left' },
  { word: 'details', at: '.panel-right' },
  { word: 'stories', at: '.top-actions' },
] as const

/** Five stops on a first visit. It never stands in the way: everything behind it stays usable. */
export function Tour() {
  const text = useText()
  const ready = useTwin((state) => state.site !== undefined)
  const [stop, setStop] = useState(() => (remembered('tour', ['seen']) ? stops.length : 0))
  const here = stops[stop]
  useEffect(() => (ready ? pointAt(here?.at) : undefined), [ready, here])
  if (!ready || !here) return null
  const end = () => {
    remember('tour', 'seen')
    setStop(stops.length)
  }
  const last = stop === stops.length - 1
  return (
    <section className="tour" aria-label={text.tour.title}>
      <p className="tour-text">
        <b>{text.tour.stops[here.word][0]}</b> {text.tour.stops[here.word][1]}
      </p>
      <div className="tour-foot">
        <span className="tour-count">{`${stop + 1} / ${stops.length}`}</span>
        <Button small tone="primary" onClick={() => (last ? end() : setStop(stop + 1))}>
          {last ? text.tour.done : text.tour.next}
        </Button>
      </div>
      <span className="tour-close">
        <IconButton icon="close" label={text.tour.skip} onClick={end} />
      </span>
    </section>
  )
}

function pointAt(selector: string | undefined): (() => void) | undefined {
  const target = selector === undefined ? null : document.querySelector(selector)
  target?.classList.add('tour-here')
  return () => target?.classList.remove('tour-here')
}
