import type { SiteFile } from '../../site/schema.ts'
import { Icon } from '../../ui/icon.tsx'
import { useText } from '../../ui/preferences.tsx'
import { useBelief, useChosen, useHud, useOwn } from './hud-context.tsx'
import { placePath } from './place-path.ts'

/** Park › building › storey › room › device: where one is, and the way back. */
export function Breadcrumb({ site }: { readonly site: SiteFile }) {
  const text = useText()
  const own = useOwn()
  const { selection } = useHud()
  const selected = useChosen((state) => state.selected)
  const devices = useBelief((state) => state.devices)
  const path = placePath(site, devices, selected)
  if (path.length === 0) return null
  const home = () => {
    selection.getState().select(undefined)
    selection.getState().fly('home')
  }
  return (
    <nav className="breadcrumb" aria-label={text.hud.place}>
      <ol>
        <li>
          <button type="button" onClick={home}>
            {text.hud.park}
          </button>
        </li>
        {path.map(({ pick, name }, i) => (
          <li key={`${pick.kind}:${pick.id}`}>
            <Icon name="chevron" size={10} />
            <button
              type="button"
              aria-current={i === path.length - 1 ? 'location' : undefined}
              onClick={() => selection.getState().fly(pick)}
            >
              {own(name)}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  )
}
