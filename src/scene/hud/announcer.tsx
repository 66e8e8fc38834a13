import { useText } from '../../ui/preferences.tsx'
import { useBelief, useChosen, useHud, useOwn, useViews } from './hud-context.tsx'
import { placePath } from './place-path.ts'

/** Says to screen readers what the picture shows: what is selected, which layer lies over it. */
export function Announcer() {
  const text = useText()
  const own = useOwn()
  const { format } = useHud()
  const selected = useChosen((state) => state.selected)
  const count = useChosen((state) => state.many.length)
  const site = useBelief((state) => state.site)
  const devices = useBelief((state) => state.devices)
  const layer = useViews((state) => state.layer)
  const path = site ? placePath(site, devices, selected) : []
  const name = path.map((step) => own(step.name)).join(', ')
  const what =
    name === ''
      ? text.hud.announceNone
      : count > 1
        ? text.hud.announceMany(format.number(count), name)
        : text.hud.announce(name)
  return (
    <p className="visually-hidden" aria-live="polite">
      {what}. {layer === 'none' ? '' : text.hud.layerIs(text.hud.layers[layer])}
    </p>
  )
}
