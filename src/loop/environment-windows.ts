import { type EnvironmentWindow, inModelUnit, type Series, sampleWindow } from '../infer/environment-input.ts'
import type { EnvironmentChannel } from '../infer/model-manifest.ts'
import type { Twin, TwinDevice } from '../twin/twin.ts'

/** Point kinds of the contract and the model's channels they feed. */
const channelOfKind: Readonly<Record<string, EnvironmentChannel>> = {
  temperature: 'temperature',
  humidity: 'humidity',
  co2: 'co2',
  pm25: 'pm25',
  illuminance: 'illuminance',
}

/** Zones whose air somebody measures: a zone takes part once it reports temperature and either CO₂ or PM2.5. */
export function environmentWindows(twin: Twin, atMs: number): EnvironmentWindow[] {
  const zones = new Map<string, Partial<Record<EnvironmentChannel, Series>>>()
  // Cells of a battery and water of a chiller are no air: what measures most of a room's air goes first.
  const heads = [...twin.devices.values()].map((device) => ({ device, rank: headRank(device) }))
  heads.sort((a, b) => b.rank - a.rank)
  for (const { device } of heads) collect(twin, device, zones)
  const windows: EnvironmentWindow[] = []
  for (const [zone, series] of zones)
    if (series.temperature && (series.co2 || series.pm25)) windows.push(sampleWindow(zone, series, atMs))
  return windows
}

function headRank({ birth }: TwinDevice): number {
  const kinds = new Set(birth.points.map(({ kind }) => channelOfKind[kind]).filter((channel) => channel !== undefined))
  return 2 * kinds.size + Number(/sensor/i.test(birth.class))
}

function collect(
  twin: Twin,
  device: TwinDevice,
  zones: Map<string, Partial<Record<EnvironmentChannel, Series>>>,
): void {
  const { zone, points } = device.birth
  if (zone === undefined || device.online === false) return
  for (const descriptor of points) {
    const channel = descriptor.writable ? undefined : channelOfKind[descriptor.kind]
    const series = channel && twin.hot.trusted(device.points[descriptor.id] ?? -1)
    if (!channel || !series) continue
    const known = zones.get(zone) ?? {}
    known[channel] ??= inModelUnit(channel, descriptor.unit, series)
    zones.set(zone, known)
  }
}
