import { useMemo } from 'react'
import type { Picked } from '../../scene/selection.ts'
import type { SiteFile } from '../../site/schema.ts'
import { Boundary } from '../../ui/boundary.tsx'
import { wordOf } from '../../ui/i18n/language.ts'
import { EmptyState, Section } from '../../ui/layout.tsx'
import { useText } from '../../ui/preferences.tsx'
import { CameraCard } from '../cameras/camera-card.tsx'
import { usePorts } from '../ports.tsx'
import { useNames, useSelection, useTwin } from '../use-twin.ts'
import { DevicePanel } from './device-panel.tsx'
import { membersOf } from './members.ts'
import { nodeId } from './tree-nodes.ts'
import { ZoneSummary } from './zone-summary.tsx'

/** Whatever is selected in the scene or the tree. */
export function SelectedPanel() {
  const text = useText()
  const [selected] = useSelection()
  if (!selected) return <EmptyState title={text.device.pickTitle} body={text.device.pickBody} />
  return (
    <Boundary key={nodeId(selected)}>
      <SelectedThing selected={selected} />
    </Boundary>
  )
}

function SelectedThing({ selected }: { readonly selected: Picked }) {
  const { twin } = usePorts()
  const text = useText()
  const site = useTwin((state) => state.site)
  const devices = useTwin((state) => state.devices)
  const device = devices.get(selected.id) ?? twin.device(selected.id)
  if (site && !device && !isInSite(site, selected)) return <EmptyState title={selected.id} body={text.device.unknown} />
  switch (selected.kind) {
    case 'camera':
      return (
        <div className="scroll">
          <CameraCard cameraId={selected.id} />
          {device && <DevicePanel device={device} />}
        </div>
      )
    case 'device':
      return device ? (
        <div className="scroll">
          <DevicePanel key={device.id} device={device} />
        </div>
      ) : (
        <EmptyState title={selected.id} body={text.device.unknownState} />
      )
    case 'track':
      return <TrackSummary trackId={selected.id} />
    default:
      return <PlaceSummary selected={selected} />
  }
}

/** An address may be older than the site file, and name what was taken out or renamed. */
function isInSite(site: SiteFile, { kind, id }: Picked): boolean {
  if (kind === 'storey') return site.buildings.some((it) => it.storeys.some((storey) => `${it.id}/${storey.id}` === id))
  const things = [...site.buildings, ...site.zones, ...site.cameras, ...site.equipment, ...site.gates]
  return kind === 'track' || things.some((thing) => thing.id === id)
}

function PlaceSummary({ selected }: { readonly selected: Picked }) {
  const text = useText()
  const names = useNames()
  const [, select] = useSelection()
  const site = useTwin((state) => state.site)
  const devices = useTwin((state) => state.devices)
  const members = useMemo(() => (site ? membersOf(site, devices, selected) : []), [site, devices, selected])
  const title = selected.kind === 'storey' ? storeyTitle(selected.id, names.thing) : names.thing(selected.id)
  return (
    <section className="scroll" aria-label={text.device.title}>
      <header className="device-head">
        <h2 className="device-name">{title}</h2>
        <p className="device-sub">{`${text.selection[kindWord(selected.kind)]} · ${text.park.devices(members.length)}`}</p>
      </header>
      {selected.kind === 'zone' && <ZoneSummary zoneId={selected.id} />}
      <Section title={text.device.more}>
        <ul className="plain-list">
          {members.map((id) => (
            <li key={id}>
              <button type="button" className="row-button" onClick={() => select({ kind: 'device', id })}>
                <span>{names.device(id)}</span>
                <span className="row-note">{names.className(devices.get(id)?.birth.class ?? '')}</span>
              </button>
            </li>
          ))}
        </ul>
      </Section>
    </section>
  )
}

function kindWord(kind: Picked['kind']): 'building' | 'storey' | 'zone' {
  return kind === 'building' || kind === 'storey' ? kind : 'zone'
}

function storeyTitle(id: string, thing: (id: string) => string): string {
  const [building, storey] = id.split('/')
  return `${thing(building ?? id)} · ${storey ?? ''}`
}

function TrackSummary({ trackId }: { readonly trackId: string }) {
  const text = useText()
  const names = useNames()
  const track = useTwin((state) => state.tracks.find((it) => it.id === trackId))
  if (!track) return <EmptyState title={text.device.pickTitle} body={text.device.pickBody} />
  return (
    <section className="scroll" aria-label={text.device.title}>
      <header className="device-head">
        <h2 className="device-name">{wordOf(text.cameras.classes, track.className) ?? track.className}</h2>
        <p className="device-sub">{`${track.id}${track.zoneId === undefined ? '' : ` · ${names.zone(track.zoneId)}`}`}</p>
      </header>
      <CameraCard cameraId={track.cameraId} />
    </section>
  )
}
