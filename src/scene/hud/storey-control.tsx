import type { SiteFile } from '../../site/schema.ts'
import { useText } from '../../ui/preferences.tsx'
import { storeyModes } from '../view-state.ts'
import { useBelief, useChosen, useHud, useOwn, useViews } from './hud-context.tsx'
import { placePath } from './place-path.ts'

/** Storeys of the building that is looked at, top first, and how the chosen one is laid open. */
export function StoreyControl({ site }: { readonly site: SiteFile }) {
  const text = useText()
  const own = useOwn()
  const { selection, views } = useHud()
  const selected = useChosen((state) => state.selected)
  const devices = useBelief((state) => state.devices)
  const mode = useViews((state) => state.storeyMode)
  const path = placePath(site, devices, selected)
  const buildingId = path.find((step) => step.pick.kind === 'building')?.pick.id
  const building = site.buildings.find((b) => b.id === buildingId)
  if (!building || building.facade.style === 'open') return null
  const openId = path.find((step) => step.pick.kind === 'storey')?.pick.id
  const inRoom = path.some((step) => step.pick.kind === 'zone')
  const single = building.storeys.length === 1
  const storeys = [...building.storeys].reverse().map((storey) => ({ id: `${building.id}/${storey.id}`, storey }))
  return (
    <div className="storeys">
      <fieldset className="storey-list" aria-label={text.hud.storeys}>
        {storeys.map(({ id, storey }) => {
          const here = id === openId || (single && inRoom)
          return (
            <button
              key={id}
              type="button"
              className="storey-button"
              aria-pressed={here || selected?.id === id}
              title={own(storey.name)}
              onClick={() => selection.getState().fly({ kind: 'storey', id })}
            >
              {storey.id.toUpperCase()}
              <span className="visually-hidden">{own(storey.name)}</span>
            </button>
          )
        })}
      </fieldset>
      <fieldset className="storey-modes" aria-label={text.hud.mode}>
        {storeyModes.map((each) => (
          <button
            key={each}
            type="button"
            className="storey-button"
            aria-pressed={each === mode}
            onClick={() => views.getState().setStoreyMode(each)}
          >
            {text.hud.modes[each]}
          </button>
        ))}
      </fieldset>
    </div>
  )
}
