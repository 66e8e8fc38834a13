import type { PointDescriptor, PointValue } from '../contract/messages.ts'
import { isBooleanPoint, valueFromNumeric } from '../contract/point-values.ts'
import type { SiteFile } from '../site/schema.ts'
import type { TwinDevice } from '../twin/twin.ts'
import type { Catalogue } from '../ui/i18n/en.ts'
import type { Format } from '../ui/i18n/format.ts'
import { type Language, type LocalText, localText, wordOf, wordText } from '../ui/i18n/language.ts'

interface Sources {
  readonly language: Language
  readonly text: Catalogue
  readonly format: Format
  readonly site: SiteFile | undefined
  readonly devices: ReadonlyMap<string, TwinDevice>
}

export interface Names {
  text(text: LocalText): string
  device(id: string): string
  /** Zone, camera, device or building: whatever carries this id. */
  thing(id: string): string
  zone(id: string): string
  /** What an audit line speaks of: an id, or `device/point`. */
  subject(subject: string): string
  point(descriptor: PointDescriptor): string
  pointOf(device: string, point: string): string
  className(brickClass: string): string
  value(descriptor: PointDescriptor, value: PointValue): string
  /** A value of a hot array. */
  numeric(descriptor: PointDescriptor, value: number): string
  valueOf(device: string, point: string, value: PointValue): string
  /** Who did something; a reason may follow: `manager: too loud`. */
  who(actor: string): string
  /** Why something was refused or failed, from its code. */
  why(code: string): string
}

export function createNames({ language, text, format, site, devices }: Sources): Names {
  const own = (value: LocalText) => localText(value, language)
  const zones = new Map(site?.zones.map((zone) => [zone.id, zone.name]))
  const others = new Map(
    [...(site?.equipment ?? []), ...(site?.cameras ?? []), ...(site?.buildings ?? [])].map((it) => [it.id, it.name]),
  )
  const thing = (id: string) => own(zones.get(id) ?? devices.get(id)?.birth.name ?? others.get(id) ?? id)
  const device = (id: string) => own(devices.get(id)?.birth.name ?? others.get(id) ?? id)
  const descriptorOf = (id: string, point: string) => devices.get(id)?.birth.points.find((p) => p.id === point)
  const point = (descriptor: PointDescriptor) =>
    descriptor.name === undefined ? wordText(text.kinds, descriptor.kind) : own(descriptor.name)
  const value = (descriptor: PointDescriptor | undefined, of: PointValue): string => {
    if (typeof of === 'boolean')
      return wordOf(text.booleans, descriptor?.kind ?? 'onOff')?.[of ? 1 : 0] ?? yesNo(text, of)
    if (typeof of === 'string') return wordOf(text.words, of) ?? of
    return format.quantity(of, descriptor?.unit ?? '')
  }
  const pointOf = (id: string, of: string) => {
    const descriptor = descriptorOf(id, of)
    return descriptor ? point(descriptor) : wordText(text.kinds, of)
  }
  return {
    text: own,
    device,
    zone: (id) => own(zones.get(id) ?? id),
    thing,
    subject: (subject) => {
      const [id = '', of] = subject.split('/')
      return of === undefined ? thing(id) : `${thing(id)} · ${pointOf(id, of)}`
    },
    point,
    pointOf,
    className: (brickClass) => wordText(text.classes, brickClass),
    value,
    numeric: (descriptor, of) => (Number.isNaN(of) ? '–' : value(descriptor, valueFromNumeric(descriptor, of))),
    valueOf: (id, of, it) => value(descriptorOf(id, of), it),
    who: (actor) => {
      const [, head = actor, tail = ''] = /^(\w+)(: .*)$/s.exec(actor) ?? []
      return (wordOf(text.audit.actors, head) ?? head) + tail
    },
    why: (code) => whyText(text, code),
  }
}

/** `noAck`, `interlock:personNear`, or a command's end with its cause: `timedOut:noAck`. */
function whyText(text: Catalogue, code: string): string {
  const [head = '', tail = ''] = code.split(':')
  if (head === 'interlock') return text.commands.interlock(wordText(text.commands.interlocks, tail))
  const state = Object.entries(text.commands.state).find(([name]) => name === head)?.[1]
  if (state === undefined || !code.includes(':')) return wordText(text.commands.why, code)
  return tail === '' ? state : `${state}, ${wordText(text.commands.why, tail)}`
}

function yesNo(text: Catalogue, value: boolean): string {
  return value ? text.common.yes : text.common.no
}

/** Points whose curve is drawn in steps: on/off and words. */
export function isStepped(descriptor: PointDescriptor): boolean {
  return descriptor.values !== undefined || isBooleanPoint(descriptor)
}
