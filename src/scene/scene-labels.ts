import type { LocalText } from '../contract/messages.ts'
import { isBooleanPoint } from '../contract/point-values.ts'
import type { Twin } from '../twin/twin.ts'
import { priorityPaths } from '../ui/badge.tsx'
import { createFormat } from '../ui/i18n/format.ts'
import { wordOf } from '../ui/i18n/language.ts'
import type { BuildingFigure } from './data-layers/data-layers.ts'
import { type LayerScale, scaleOf } from './data-layers/layer-catalogue.ts'
import type { SceneLabel } from './label-board.ts'
import { stageColor } from './layers/command-layer.ts'
import { whereIs } from './scene-index.ts'
import { type Picked, samePick } from './selection.ts'
import type { ParkStage } from './stage.ts'
import { cutM, liftM, mostApart } from './storeys-apart.ts'

export type SceneLanguage = 'en' | 'zh'

export function textIn(text: LocalText, language: SceneLanguage): string {
  return typeof text === 'string' ? text : text[language]
}

/** What stands on a thing while a command is under way, and how it ended. SVG paths on a 16-pixel grid. */
const commandShape = {
  waiting:
    'M8 1.500a6.500 6.500 0 1 1 0 13 6.500 6.500 0 0 1 0-13zM8 4.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7z',
  verified: 'M6.200 13.500L1.500 8.800l2-2 2.700 2.700L12.500 3.200l2 2z',
  failed: 'M4.200 2.200L8 6l3.800-3.800 2 2L10 8l3.800 3.800-2 2L8 10l-3.800 3.800-2-2L6 8 2.200 4.200z',
} as const
const commandWord = {
  waiting: { en: 'command under way', zh: '命令执行中' },
  verified: { en: 'verified', zh: '已验证' },
  failed: { en: 'failed', zh: '失败' },
} as const

const moverName: Readonly<Record<string, LocalText>> = {
  person: { en: 'Person', zh: '人员' },
  bicycle: { en: 'Bicycle', zh: '自行车' },
  car: { en: 'Car', zh: '汽车' },
  truck: { en: 'Truck', zh: '货车' },
  forklift: { en: 'Forklift', zh: '叉车' },
}

export interface LabelInput {
  readonly stage: ParkStage
  readonly twin: Twin
  readonly language: SceneLanguage
}

/** The few labels that the moment asks for: alarms, what is pointed at, rooms of the open storey, buildings. */
export function sceneLabels(input: LabelInput): SceneLabel[] {
  return [
    ...incidentLabels(input),
    ...pointedLabels(input),
    ...commandLabels(input),
    ...(input.stage.attention.open ? roomLabels(input) : buildingLabels(input)),
    ...storeyLabels(input),
  ]
}

function incidentLabels({ stage, twin, language }: LabelInput): SceneLabel[] {
  const labels = new Map<string, SceneLabel>()
  for (const incident of stage.named.marks.open) {
    const zone = incident.zone === undefined ? undefined : stage.index.zoneOf.get(incident.zone)
    const place = zone
      ? whereIs(stage.index, { kind: 'zone', id: zone.id })
      : whereIs(stage.index, { kind: 'device', id: incident.subject })
    const key = zone?.id ?? incident.subject
    if (!place || labels.has(key)) continue
    labels.set(key, {
      id: `incident:${key}`,
      at: [place.at[0], place.at[1], place.at[2] + 3],
      text: textIn(zone?.name ?? deviceName(stage, twin, incident.subject) ?? incident.subject, language),
      badge: { shape: priorityPaths[incident.priority], color: stage.palette[incident.priority] },
      priority: 100,
      strong: true,
    })
  }
  return [...labels.values()]
}

function pointedLabels({ stage, twin, language }: LabelInput): SceneLabel[] {
  const { selected, hovered, open } = stage.attention
  const labels: SceneLabel[] = []
  for (const [picked, priority] of [
    [selected, 90],
    [hovered, 95],
  ] as const) {
    if (!picked || (picked === selected && samePick(selected, hovered))) continue
    // The rooms of an open storey carry labels already.
    if (picked.kind === 'storey' || (picked.kind === 'zone' && open)) continue
    const label = labelOf(stage, twin, picked, language)
    if (label) labels.push({ ...label, priority, strong: true })
  }
  return labels
}

function commandLabels({ stage, twin, language }: LabelInput): SceneLabel[] {
  return stage.named.commands.badges.map(({ device, at, stage: reached }) => ({
    id: `command:${device}`,
    at: [at[0], at[1], at[2] + 1],
    text: textIn(deviceName(stage, twin, device) ?? device, language),
    detail: textIn(commandWord[reached], language),
    badge: { shape: commandShape[reached], color: stageColor(reached, stage.palette) },
    priority: 85,
    group: 'command',
  }))
}

/** Most telling first: what a thing is for before how it is set. */
const tellingKinds = ['power', 'temperature', 'co2', 'soc', 'flow', 'level', 'speed', 'motion', 'contact']

/** The most telling reading of a device, with its age. */
function readingOf(twin: Twin, id: string, language: SceneLanguage): string | undefined {
  const device = twin.device(id)
  const rank = (kind: string) => (tellingKinds.includes(kind) ? tellingKinds.indexOf(kind) : tellingKinds.length)
  const points = [...(device?.birth.points ?? [])].filter((p) => p.writable !== true)
  const point = points.sort((a, b) => rank(a.kind) - rank(b.kind))[0]
  const index = point && device?.points[point.id]
  const value = index === undefined ? Number.NaN : (twin.hot.value[index] ?? Number.NaN)
  if (!point || index === undefined || !Number.isFinite(value)) return undefined
  const format = createFormat(language, 0)
  const { siteNowMs, clock } = twin.store.getState()
  const ageMs = (siteNowMs - (twin.hot.atMs[index] ?? 0)) / Math.max(1, clock.speed)
  const shown = isBooleanPoint(point) ? (value >= 0.5 ? '●' : '○') : format.quantity(value, point.unit)
  return `${shown} · ${format.age(Math.max(0, ageMs))}`
}

function labelOf(
  stage: ParkStage,
  twin: Twin,
  picked: Picked,
  language: SceneLanguage,
): Omit<SceneLabel, 'priority'> | undefined {
  const id = `pointed:${picked.kind}:${picked.id}`
  if (picked.kind === 'track') {
    const mover = stage.named.tracks.movers.find((m) => m.track.id === picked.id)
    return (
      mover && {
        id,
        at: [mover.eastM, mover.northM, 2.6],
        text: textIn(wordOf(moverName, mover.track.className) ?? mover.track.className, language),
        detail: `±${mover.sigmaM.toFixed(1)} m`,
      }
    )
  }
  const device = twin.device(picked.id)
  const place = whereIs(stage.index, picked)
  const at = (device && stage.named.devices.positionOf(picked.id)) ?? place?.at
  if (!at) return undefined
  const name = device?.birth.name ?? nameOf(stage, picked)
  const lift = picked.kind === 'building' ? (stage.index.partsOf.get(picked.id)?.topM ?? 0) + 1.5 - at[2] : 1.8
  const detail = device && readingOf(twin, picked.id, language)
  const text = name === undefined ? picked.id : textIn(name, language)
  return { id, at: [at[0], at[1], at[2] + lift], text, ...(detail === undefined ? {} : { detail }) }
}

function deviceName({ index }: ParkStage, twin: Twin, id: string): LocalText | undefined {
  const { cameras } = index.site
  return twin.device(id)?.birth.name ?? (index.equipmentOf.get(id) ?? cameras.find((item) => item.id === id))?.name
}

function nameOf({ index }: ParkStage, picked: Picked): LocalText | undefined {
  switch (picked.kind) {
    case 'building':
      return index.partsOf.get(picked.id)?.building.name
    case 'storey': {
      const [building, storey] = picked.id.split('/')
      return index.partsOf.get(building ?? '')?.building.storeys.find((s) => s.id === storey)?.name
    }
    case 'zone':
      return index.zoneOf.get(picked.id)?.name
    case 'camera':
      return index.site.cameras.find((c) => c.id === picked.id)?.name
    case 'device':
    case 'track':
      return undefined
  }
}

function roomLabels({ stage, language }: LabelInput): SceneLabel[] {
  const { open, layer } = stage.attention
  const storey = open?.parts.building.storeys[open.storeyAt]
  if (!open || !storey) return []
  const lift = liftM(stage.attention, open.parts.building.id, open.storeyAt)
  return stage.index.zonesOf(open.parts.building.id, storey.id).flatMap((zone): SceneLabel[] => {
    const place = whereIs(stage.index, { kind: 'zone', id: zone.id })
    if (!place) return []
    const value = stage.named.zoneTable.valueOf(zone.id)
    const scale = scaleOf(layer)
    return [
      {
        id: `zone:${zone.id}`,
        at: [place.at[0], place.at[1], place.at[2] + 1.4 + lift],
        text: textIn(zone.name, language),
        priority: 40,
        ...(value === undefined || !scale || scale.unit === '' ? {} : { detail: quantity(value, scale) }),
      },
    ]
  })
}

/** Each storey drawn apart carries its name at its south-east corner. */
function storeyLabels({ stage, language }: LabelInput): SceneLabel[] {
  const { apart } = stage.attention
  if (!apart) return []
  const [x, y] = apart.building.footprint.reduce((a, b) => (b[0] - b[1] > a[0] - a[1] ? b : a))
  return apart.building.storeys.slice(0, mostApart).map((storey, storeyAt) => ({
    id: `storey:${apart.building.id}/${storey.id}`,
    at: [x, y, storey.baseM + cutM + liftM({ apart }, apart.building.id, storeyAt)],
    text: textIn(storey.name, language),
    priority: 45,
  }))
}

function buildingLabels({ stage, language }: LabelInput): SceneLabel[] {
  return stage.index.parts.map((p): SceneLabel => {
    const place = whereIs(stage.index, { kind: 'building', id: p.building.id })
    const [x, y] = place?.at ?? [0, 0, 0]
    return {
      id: `building:${p.building.id}`,
      at: [x, y, p.topM + 1.5],
      text: textIn(p.building.name, language),
      priority: 10 + p.topM / 10,
      group: 'building',
      ...detailOf(stage.named.data.ofBuilding(p.building.id)),
    }
  })
}

function detailOf(figure: BuildingFigure | undefined): { readonly detail?: string } {
  return figure === undefined ? {} : { detail: `${figure.value.toFixed(figure.digits)} ${figure.unit}` }
}

function quantity(value: number, { unit, digits }: LayerScale): string {
  return `${value.toFixed(digits)}${unit === '%' ? '' : ' '}${unit}`
}
