import { useEffect, useId, useState } from 'react'
import type { CheckedSite, KnownSite, SiteFault, SiteOrigin, SitePort } from '../../contract/site-port.ts'
import type { Result } from '../../platform/result.ts'
import { Button } from '../../ui/button.tsx'
import { FormDialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useText } from '../../ui/preferences.tsx'
import { useFormat, useNames, useTwin } from '../use-twin.ts'
import { SiteSource } from './site-source.tsx'

interface SiteDialogProps {
  readonly port: SitePort
  onClose(): void
}

interface Candidate {
  readonly site: CheckedSite
  readonly origin: SiteOrigin
}

/** Another park: one that is known here, or any site file. Until it is found good the one on screen goes on. */
export function SiteDialog({ port, onClose }: SiteDialogProps) {
  const text = useText()
  const words = text.sites
  const [sites, setSites] = useState<readonly KnownSite[]>([])
  const [busy, setBusy] = useState<'checking' | 'opening' | undefined>()
  const [fault, setFault] = useState<SiteFault | undefined>()
  const [candidate, setCandidate] = useState<Candidate | undefined>()
  useEffect(() => port.look(setSites), [port])

  const step = async <T,>(what: 'checking' | 'opening', run: () => Promise<Result<T, SiteFault>>) => {
    setBusy(what)
    setFault(undefined)
    const result = await run()
    setBusy(undefined)
    if (result.ok) return result.value
    setFault(result.error)
    return undefined
  }
  const check = (origin: SiteOrigin) => {
    setCandidate(undefined)
    return step('checking', () => port.check(origin))
  }
  const open = async ({ site, origin }: Candidate) => {
    const entered = await step('opening', async () => {
      const result = await port.enter(site, origin)
      return result.ok ? { ok: true, value: true } : result
    })
    if (entered) onClose()
  }
  const openKnown = async (id: string) => {
    const origin = { kind: 'known', id } as const
    const site = await check(origin)
    if (site) await open({ site, origin })
  }
  const bring = async (origin: SiteOrigin) => {
    const site = await check(origin)
    if (site) setCandidate({ site, origin })
  }
  return (
    <FormDialog open title={words.title} closeLabel={text.common.close} onClose={onClose}>
      <div className="dialog-form site-form">
        <KnownSites sites={sites} disabled={busy !== undefined} onOpen={openKnown} />
        <SiteSource disabled={busy !== undefined} onBring={bring} />
        {busy && (
          <p className="form-note" role="status">
            {busy === 'checking' ? words.checking : words.opening}
          </p>
        )}
        {fault && <Fault fault={fault} />}
        {candidate && (
          <FoundSite site={candidate.site} simulated={port.takesSites}>
            <Button tone="primary" disabled={busy !== undefined} onClick={() => void open(candidate)}>
              {words.open}
            </Button>
          </FoundSite>
        )}
      </div>
    </FormDialog>
  )
}

interface KnownSitesProps {
  readonly sites: readonly KnownSite[]
  readonly disabled: boolean
  onOpen(id: string): Promise<void>
}

function KnownSites({ sites, disabled, onOpen }: KnownSitesProps) {
  const words = useText().sites
  const names = useNames()
  const current = useTwin((state) => state.site?.id)
  if (sites.length === 0) return <p className="form-note">{words.none}</p>
  return (
    <ul className="site-list" aria-label={words.known}>
      {sites.map(({ id, name, from }) => (
        <li key={id}>
          <button
            type="button"
            className="site-choice"
            aria-current={id === current || undefined}
            disabled={disabled || id === current}
            onClick={() => void onOpen(id)}
          >
            <b>{name === undefined ? id : names.text(name)}</b>
            <span className="site-from">
              {id === current ? words.current : from === 'host' ? words.fromHost : words.fromBroker}
            </span>
            {id === current ? <Icon name="check" size={14} /> : <Icon name="chevron" size={14} />}
          </button>
        </li>
      ))}
    </ul>
  )
}

/** What is wrong, where in the file, and that nothing else happened. */
function Fault({ fault }: { readonly fault: SiteFault }) {
  const words = useText().sites
  const field = useId()
  return (
    <div className="site-fault" role="alert" aria-labelledby={field}>
      <p id={field} className="site-fault-title">
        {words.faults[fault.code]}
      </p>
      {(fault.path !== '' || fault.message !== '') && (
        <p className="site-fault-where">
          {fault.path !== '' && <code>{fault.path}</code>} {fault.message}
        </p>
      )}
      <p>{words.unchanged}</p>
    </div>
  )
}

interface FoundSiteProps {
  readonly site: CheckedSite
  readonly simulated: boolean
  readonly children: React.ReactNode
}

function FoundSite({ site, simulated, children }: FoundSiteProps) {
  const words = useText().sites
  const names = useNames()
  const format = useFormat()
  const { buildings, zones, devices, cameras } = site
  const counts = [buildings, zones, devices, cameras].map((count) => format.number(count))
  return (
    <section className="site-found" aria-label={words.found}>
      <p>
        <b>{names.text(site.name)}</b>
      </p>
      <p>{words.contents(counts[0] ?? '', counts[1] ?? '', counts[2] ?? '', counts[3] ?? '')}</p>
      <p className="form-note">{simulated ? words.willSimulate : words.willAnnounce}</p>
      <div className="dialog-actions">{children}</div>
    </section>
  )
}
