import type { ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { CommandRecord, Evidence, Incident, Plan } from '../contract/decision.ts'
import type { BirthMessage, PointDescriptor } from '../contract/messages.ts'
import type { Track } from '../contract/perception.ts'
import { createSelection } from '../scene/selection.ts'
import { createViewState } from '../scene/view-state.ts'
import type { SiteFile } from '../site/schema.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { tinySite } from '../testing/tiny-site.ts'
import { Twin } from '../twin/twin.ts'
import { en } from '../ui/i18n/en.ts'
import { wordOf, wordText } from '../ui/i18n/language.ts'
import { zh } from '../ui/i18n/zh.ts'
import { PreferencesProvider } from '../ui/preferences.tsx'
import { ToastProvider } from '../ui/toast.tsx'
import { CommandLog } from './commands/command-log.tsx'
import { PointControl } from './devices/point-control.tsx'
import { SelectedPanel } from './devices/selected-panel.tsx'
import { EnvironmentPanel } from './environment/environment-panel.tsx'
import { EvidenceList } from './incidents/evidence-list.tsx'
import { IncidentList } from './incidents/incident-list.tsx'
import { ModelDescription } from './models/model-description.tsx'
import { NavigationProvider } from './navigation.tsx'
import { PlanCard } from './plans/plan-card.tsx'
import { type ConsolePorts, PortsProvider } from './ports.tsx'
import { AuditList } from './records/audit-list.tsx'
import { LinkMark } from './status/link-mark.tsx'
import { WordsProvider } from './words.tsx'

// Its pictures need a browser.
vi.mock('./cameras/camera-card.tsx', () => ({ CameraCard: () => null }))

const clock = new FakeClock()
let browserLanguage = 'en'

beforeEach(() => {
  browserLanguage = 'en'
  vi.stubGlobal('navigator', {
    get language() {
      return browserLanguage
    },
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

function twinOf(site: SiteFile, births: readonly BirthMessage[] = []): Twin {
  const twin = new Twin(clock)
  twin.apply({ type: 'site', site })
  let next = 0
  for (const birth of births) twin.apply({ type: 'device', birth, points: birth.points.map(() => next++) })
  return twin
}

/** The renderer for servers shows what a store began with; this one begins here. */
function fromHere<T>(store: StoreApi<T>): StoreApi<T> {
  return createStore(() => store.getState())
}

/** The panel as it stands now. */
function shown(twin: Twin, panel: ReactNode, selection = createSelection()): string {
  twin.beat()
  const { store } = twin
  Object.assign(twin, { store: fromHere(store) })
  const ports = { twin, clock, selection: fromHere(selection), views: createViewState() } as unknown as ConsolePorts
  const html = renderToStaticMarkup(
    <PreferencesProvider>
      <PortsProvider ports={ports}>
        <WordsProvider>
          <ToastProvider closeLabel="">{panel}</ToastProvider>
        </WordsProvider>
      </PortsProvider>
    </PreferencesProvider>,
  )
  Object.assign(twin, { store })
  return html
}

const at = clock.nowMs()
const temperature: PointDescriptor = { id: 'temperature', kind: 'temperature', unit: '°C' }

describe('a park with thousands of rooms', () => {
  const rooms = 1500
  const plain = tinySite()
  const zones = Array.from({ length: rooms }, (_, n) => ({
    ...(plain.zones[0] as SiteFile['zones'][number]),
    id: `zone-${n}`,
    name: { en: `Room ${n}`, zh: `${n} 号房` },
  }))
  const births = zones.map(({ id }, n) => ({
    id: `sensor-${n}`,
    name: `Sensor ${n}`,
    class: 'Sensor_Equipment',
    zone: id,
    points: [temperature],
    at,
  }))

  it('draws the rooms near the sight, each with its place among all', () => {
    const html = shown(twinOf({ ...plain, zones }, births), <EnvironmentPanel />)
    expect(html.match(/<li /g)?.length).toBeLessThan(200)
    expect(html).toContain(`aria-posinset="1" aria-setsize="${rooms}"`)
    expect(html).toContain('Room 7<')
  })

  it('looks names up in one directory and writes times with one set of formatters, however many rows there are', () => {
    let listed = 0
    const site = {
      ...plain,
      zones,
      get equipment() {
        listed++
        return plain.equipment
      },
    }
    const { DateTimeFormat } = Intl
    const formatters = vi.spyOn(Intl, 'DateTimeFormat').mockImplementation(function made(...how) {
      return new DateTimeFormat(...how)
    })
    const twin = twinOf(site, births)
    const commands = births.slice(0, 90).map(({ id }, n) => ({
      ...{ id: `cmd-${n}`, device: id, point: 'temperature', value: 21, state: 'verified', reason: '', issuedBy: '' },
      issuedAtMs: at + n,
      rollbackOffered: true,
    })) as unknown as readonly CommandRecord[]
    twin.project({ commands })
    const html = shown(
      twin,
      <>
        <EnvironmentPanel />
        <CommandLog />
      </>,
    )
    expect(html.match(/data-command/g)).toHaveLength(commands.length)
    expect(listed).toBe(1)
    expect(formatters.mock.calls.length).toBeLessThanOrEqual(5)
  })

  it('speaks the reader’s language and the park’s time', () => {
    const twin = twinOf(
      { ...plain, zones, geo: { ...plain.geo, utcOffsetMinutes: 570, timeZone: 'UTC' } },
      births.slice(0, 1),
    )
    const audit = { actor: 'manager', action: 'approve', subject: 'zone-0', detail: '', at: Date.UTC(2026, 5, 1, 4) }
    twin.apply({ type: 'audit', audit })
    const panels = (
      <>
        <EnvironmentPanel />
        <AuditList />
      </>
    )
    expect(shown(twin, panels)).toMatch(/Room 0<.*13:30:00/s)
    browserLanguage = 'zh-CN'
    expect(shown(twin, panels)).toMatch(/0 号房<.*13:30:00/s)
  })

  it('tells a record’s time by the clock of its day: what was done in winter stays at its hour when summer time comes', () => {
    const twin = twinOf({ ...plain, geo: { ...plain.geo, utcOffsetMinutes: 120, timeZone: 'Europe/Berlin' } })
    for (const at of [Date.UTC(2026, 2, 28, 8), Date.UTC(2026, 2, 29, 8)])
      twin.apply({ type: 'audit', audit: { actor: 'manager', action: 'approve', subject: 'p', detail: '', at } })
    const times = shown(twin, <AuditList />).match(/\d\d:\d\d:\d\d/g)
    expect(times?.sort()).toEqual(['09:00:00', '10:00:00'])
  })
})

/** Names that every object answers to, though it has none of its own by them. */
const foreign = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'a word of theirs']

describe.each(foreign)('the foreign word %s', (word) => {
  it('is in no set of words of the catalogue, and is read as it stands', () => {
    let sets = 0
    const look = (part: unknown) => {
      if (typeof part !== 'object' || part === null) return
      sets++
      expect(wordOf(part as Readonly<Record<string, unknown>>, word)).toBeUndefined()
      expect(wordText(part as Readonly<Record<string, string>>, word)).toEqual(expect.any(String))
      Object.values(part).forEach(look)
    }
    for (const catalogue of [en, zh]) look(catalogue)
    expect(sets).toBeGreaterThan(50)
  })

  it('is shown where devices, consoles, models and files may write it', () => {
    const descriptor: PointDescriptor = { id: 'mode', kind: word, unit: '', writable: true, values: [word, 'auto'] }
    const birth: BirthMessage = { id: 'unit', name: 'Unit', class: word, points: [descriptor], at }
    const twin = twinOf(tinySite(), [birth])
    const audit = {
      actor: word,
      action: word,
      subject: `unit/${word}`,
      detail: `${word}; why=${word}; value=${word}`,
      at,
    }
    twin.apply({ type: 'audit', audit })
    twin.project({ tracks: [{ id: 'track', className: word, cameraId: 'nowhere' } as Track] })
    const selection = createSelection()
    selection.getState().select({ kind: 'track', id: 'track' })
    const evidence: Evidence = {
      source: 'device',
      kind: word,
      subject: word,
      atMs: at,
      weight: 1,
      values: { [word]: word },
    }
    const device = twin.device('unit')
    if (!device) throw new Error('no device')
    for (const [panel, marked] of [
      [<PointControl key="" device={device} descriptor={descriptor} />, `>${word}<`],
      [<AuditList key="" />, `<td>${word}</td>`],
      [<SelectedPanel key="" />, `<h2 class="device-name">${word}</h2>`],
      [<EvidenceList key="" evidence={[evidence]} />, `<b>${word}</b>`],
      [<ModelDescription key="" text={`{"output":{"layout":"${word}"}}`} onText={() => undefined} />, word],
    ] as const)
      expect(shown(twin, panel, selection)).toContain(marked)
  })
})

describe('the hand-over book of a park that never sleeps', () => {
  const birth: BirthMessage = { id: 'sensor', name: 'Sensor', class: 'Sensor_Equipment', points: [temperature], at }
  const dayMs = 86_400_000
  const command = (issuedAtMs: number) =>
    ({
      ...{ id: `cmd-${issuedAtMs}`, device: 'sensor', point: 'temperature', value: 21, state: 'verified', reason: '' },
      ...{ issuedBy: 'policy', issuedAtMs },
    }) as unknown as CommandRecord
  const incident = (closedAtMs: number) =>
    ({
      ...{ id: `i-${closedAtMs}`, kind: 'intrusion', priority: 'low', state: 'closed', subject: 'sensor' },
      ...{ openedAtMs: closedAtMs, updatedAtMs: closedAtMs, closedAtMs, confidence: 1, evidence: [], stages: {} },
    }) as unknown as Incident
  const plan = {
    ...{ id: 'p', incidentId: 'i', playbook: 'x', title: 'Doors', reason: '', state: 'rejected', steps: [] },
    ...{ expected: {}, proposedAtMs: at, decidedAtMs: at - dayMs, decidedBy: 'manager: too loud' },
  } as unknown as Plan

  it('tells the day with the hour, where it is not today', () => {
    const twin = twinOf(tinySite(), [birth])
    twin.project({ commands: [command(at), command(at - dayMs)], incidents: [incident(at), incident(at - dayMs)] })
    const html = shown(twin, <NavigationProvider><CommandLog /><IncidentList /><PlanCard plan={plan} /></NavigationProvider>) // biome-ignore format: a row
    expect(html.match(/log-time">[^<]*/g)?.map((it) => /May/.test(it))).toEqual([false, true])
    expect(html.match(/incident-age">[^<]*/g)?.map((it) => /May/.test(it))).toEqual([false, true])
    expect(html).toMatch(/plan-note">Manager: too loud, [^<]*May/)
  })

  it('names who did something in the reader’s language', () => {
    browserLanguage = 'zh-CN'
    const twin = twinOf(tinySite(), [birth])
    twin.project({ commands: [command(at)] })
    const html = shown(twin, <NavigationProvider><CommandLog /><PlanCard plan={plan} /></NavigationProvider>) // biome-ignore format: a row
    expect(html).toContain('由 园区策略')
    expect(html).toContain('管理员: too loud')
  })
})

describe('an address that is older than the park', () => {
  it.each([
    ['building', 'gone'],
    ['storey', 'gone/f1'],
    ['zone', 'gone'],
    ['camera', 'gone'],
    ['device', 'gone'],
  ] as const)('says that there is no such %s', (kind, id) => {
    const selection = createSelection()
    selection.getState().select({ kind, id })
    expect(shown(twinOf(tinySite()), <SelectedPanel />, selection)).toContain(en.device.unknown)
  })

  it('shows what there is, though it has not reported in yet', () => {
    const site = tinySite()
    const device = site.equipment[0] ?? expect.fail('no equipment')
    const building = site.buildings[0] ?? expect.fail('no building')
    for (const [kind, id, says] of [
      ['device', device.id, en.device.unknownState],
      ['building', building.id, en.selection.building],
    ] as const) {
      const selection = createSelection()
      selection.getState().select({ kind, id })
      const html = shown(twinOf(site), <SelectedPanel />, selection)
      expect(html).toContain(says)
      expect(html).not.toContain(en.device.unknown)
    }
  })
})

describe('what grows old', () => {
  it('is marked with its age among the rooms as well', () => {
    const site = tinySite()
    const zone = site.zones[0]?.id ?? expect.fail('no zone')
    const birth: BirthMessage = { id: 's', name: 'S', class: 'Sensor_Equipment', zone, points: [temperature], at }
    const twin = twinOf(site, [birth])
    const read = (atMs: number) =>
      twin.apply({
        type: 'readings',
        block: {
          count: 1,
          indices: Uint32Array.of(0),
          values: Float64Array.of(22),
          atMs: Float64Array.of(atMs),
          quality: Uint8Array.of(0),
        },
      })
    read(at - 3_600_000)
    expect(shown(twin, <EnvironmentPanel />)).toContain(en.device.stale('1 h'))
    read(at)
    expect(shown(twin, <EnvironmentPanel />)).not.toContain('stale')
  })

  it('is not said aloud at every try of a link to come back', () => {
    const twin = twinOf(tinySite())
    const link = (phase: 'connecting' | 'offline' | 'online') => {
      twin.apply({ type: 'link', link: { phase, url: '', sinceMs: 0, attempt: 3 } as never })
      return shown(twin, <LinkMark />)
    }
    expect(link('connecting')).toContain('aria-live="off"')
    expect(link('offline')).toContain('aria-live="off"')
    expect(link('online')).toContain('aria-live="polite"')
  })
})
