import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { SiteFile } from '../../site/schema.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { useText } from '../../ui/preferences.tsx'
import { type Bookmark, keepBookmarks, placesToSee, readBookmarks, viewFromAbove } from './bookmarks.ts'
import { useBelief, useHud, useOwn } from './hud-context.tsx'
import { placePath } from './place-path.ts'

/** Where storage is forbidden its very name throws; asked for within the calls, it throws where that is expected. */
const storage = {
  getItem: (key: string) => localStorage.getItem(key),
  setItem: (key: string, value: string) => localStorage.setItem(key, value),
}

export function HomeButton() {
  const text = useText()
  const { selection } = useHud()
  return <IconButton icon="home" label={text.hud.home} onClick={() => selection.getState().fly('home')} />
}

/** Views of this park, and those that somebody kept in this browser. */
export function ViewMenu({ site }: { readonly site: SiteFile }) {
  const text = useText()
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!open) return
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false)
    }
    document.addEventListener('pointerdown', outside)
    return () => document.removeEventListener('pointerdown', outside)
  }, [open])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes what its button opened, wherever the focus is within
    <div ref={root} className="views" onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}>
      <Button small icon="bookmark" aria-expanded={open} aria-label={text.hud.views} onClick={() => setOpen(!open)}>
        <span className="hud-wide">{text.hud.views}</span>
      </Button>
      {open && <ViewList site={site} onGone={() => setOpen(false)} />}
    </div>
  )
}

function ViewList({ site, onGone }: { readonly site: SiteFile; readonly onGone: () => void }) {
  const text = useText()
  const own = useOwn()
  const { selection, views, twin, format } = useHud()
  const devices = useBelief((state) => state.devices)
  const [kept, setKept] = useState(() => readBookmarks(site.id, storage))
  const keep = (list: readonly Bookmark[]) => setKept(keepBookmarks(site.id, list, storage))
  const save = () => {
    const { pose, layer } = views.getState()
    if (!pose) return
    const { siteNowMs } = twin.store.getState()
    const name = text.hud.ownView(format.dateTime(siteNowMs))
    keep([...kept, { id: `${siteNowMs}-${kept.length}`, name, view: pose, layer }])
  }
  const go = (run: () => void) => () => {
    run()
    onGone()
  }
  const show = ({ view, layer }: Bookmark) => {
    views.getState().show(layer)
    views.getState().flyTo(view)
  }
  return (
    <fieldset className="view-list" aria-label={text.hud.views}>
      <Button small tone="primary" icon="plus" onClick={save}>
        {text.hud.saveView}
      </Button>
      {kept.length > 0 && (
        <Group heading={text.hud.ownViews}>
          {kept.map((mark) => (
            <li key={mark.id} className="view-row">
              <button type="button" className="view-button" onClick={go(() => show(mark))}>
                {mark.name}
              </button>
              <IconButton
                icon="close"
                label={text.hud.removeView(mark.name)}
                onClick={() => keep(kept.filter((other) => other !== mark))}
              />
            </li>
          ))}
        </Group>
      )}
      <Group heading={text.hud.shippedViews}>
        <li>
          <button type="button" className="view-button" onClick={go(() => selection.getState().fly('home'))}>
            {text.hud.overview}
          </button>
        </li>
        <li>
          <button type="button" className="view-button" onClick={go(() => views.getState().flyTo(viewFromAbove(site)))}>
            {text.hud.fromAbove}
          </button>
        </li>
        {placesToSee(site).map((pick) => {
          const name = placePath(site, devices, pick).at(-1)?.name
          return (
            <li key={`${pick.kind}:${pick.id}`}>
              <button type="button" className="view-button" onClick={go(() => selection.getState().fly(pick))}>
                {name === undefined ? pick.id : own(name)}
              </button>
            </li>
          )
        })}
      </Group>
    </fieldset>
  )
}

function Group({ heading, children }: { readonly heading: string; readonly children: ReactNode }) {
  return (
    <>
      <h3 className="menu-heading">{heading}</h3>
      <ul>{children}</ul>
    </>
  )
}
