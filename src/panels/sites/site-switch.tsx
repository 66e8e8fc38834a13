import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useText } from '../../ui/preferences.tsx'
import { usePorts } from '../ports.tsx'
import { useNames, useTwin } from '../use-twin.ts'
import { SiteDialog } from './site-dialog.tsx'

/** The park's name; where there is a way to others, the button that opens it. */
export function SiteName() {
  const text = useText()
  const names = useNames()
  const { sites } = usePorts()
  const site = useTwin((state) => state.site)
  const [open, setOpen] = useState(false)
  const name = site ? names.text(site.name) : text.top.waitingForSite
  if (!sites) return <span className="site-name">{name}</span>
  return (
    <>
      <button type="button" className="site-name site-button" title={text.sites.title} onClick={() => setOpen(true)}>
        <span className="site-button-name">{name}</span>
        <Icon name="down" size={12} />
      </button>
      {open && <SiteDialog port={sites} onClose={() => setOpen(false)} />}
    </>
  )
}

/** For where no park comes: the way to one that does. */
export function OtherSite() {
  const text = useText()
  const { sites } = usePorts()
  const [open, setOpen] = useState(false)
  if (!sites) return null
  return (
    <>
      <Button small onClick={() => setOpen(true)}>
        {text.sites.choose}
      </Button>
      {open && <SiteDialog port={sites} onClose={() => setOpen(false)} />}
    </>
  )
}
