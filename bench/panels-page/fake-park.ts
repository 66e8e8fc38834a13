import type { CommandRecord, Incident, Plan } from '../../src/contract/decision.ts'
import type { Forecast } from '../../src/contract/perception.ts'
import { numericFromValue } from '../../src/contract/point-values.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { createRandom } from '../../src/platform/random.ts'
import { buildCampus } from '../../src/site/campus/campus.ts'
import { localTime } from '../../src/site/tariff.ts'
import { Twin } from '../../src/twin/twin.ts'

export const site = buildCampus()
const random = createRandom(7)

/** Saturday 02:03 local. */
const startMs = Date.UTC(2026, 5, 5, 18, 3, 12)
const quarterMs = 900_000

export function fakeTwin(story: string): Twin {
  const twin = new Twin(systemClock)
  if (story === 'connecting') {
    twin.apply({ type: 'link', link: { phase: 'connecting', url: 'ws://127.0.0.1:8080/mqtt', sinceMs: 0, attempt: 3 } })
    twin.beat()
    return twin
  }
  twin.apply({
    type: 'link',
    link: { phase: 'online', url: 'ws://127.0.0.1:8080/mqtt', protocol: 5, sinceMs: 0, attempt: 1 },
  })
  twin.apply({ type: 'site', site })
  twin.apply({ type: 'clock', clock: { siteMs: startMs, speed: 1, jump: 0 } })
  bearDevices(twin)
  seedHistory(twin)
  twin.project({
    cameras: cameraHealth(startMs),
    environment: verdicts(),
    forecasts: new Map([forecast('meter-site'), forecast('meter-chillers')]),
  })
  twin.project({
    loop: {
      readingsPerS: 214,
      inferencesPerS: 31.4,
      engine: 'wasm',
      inferenceMs: 11.2,
      framesDropped: 3,
      commandsVerified: 12,
      savedToday: { kwh: 86.4, cost: 71.3 },
    },
  })
  if (story !== 'quiet') tellStory(twin, story)
  twin.faults.set('codec:device/rogue/telemetry', {
    severity: 'warning',
    code: 'codec.invalid',
    detail: 'readings.2.values.power: expected a number',
  })
  twin.beat()
  return twin
}

let nextIndex = 0
function bearDevices(twin: Twin): void {
  for (const item of site.equipment) {
    twin.apply({
      type: 'device',
      birth: {
        id: item.id,
        name: item.name,
        class: item.class,
        gateway: 'sim-gateway',
        points: item.points,
        at: startMs,
        ...(item.zone === undefined ? {} : { zone: item.zone }),
      },
      points: item.points.map(() => nextIndex++),
    })
  }
  for (const camera of site.cameras)
    twin.apply({
      type: 'device',
      birth: { id: camera.id, name: camera.name, class: 'Camera', gateway: 'sim-gateway', points: [], at: startMs },
      points: [],
    })
  twin.apply({ type: 'availability', device: 'sim-gateway', online: true })
  twin.apply({ type: 'availability', device: 'charger-3', online: false })
}

const typical: Record<string, number> = {
  temperature: 23.4,
  co2: 640,
  pm25: 18,
  humidity: 48,
  power: 24,
  energy: 51_234,
  soc: 63,
  level: 40,
  setpoint: 7,
  voltage: 400,
  occupancy: 3,
  illuminance: 320,
  flow: 42,
  speed: 60,
  price: 0.31,
}

function wave(device: string, kind: string, atMs: number, seed: number): number {
  const base = device === 'meter-site' ? 212 : (typical[kind] ?? 1)
  return base * (1 + 0.08 * Math.sin(atMs / 90_000 + seed) + 0.03 * random.normal() + (seed % 7) * 0.03)
}

function seedHistory(twin: Twin): void {
  for (let atMs = startMs - 3_600_000; atMs <= startMs; atMs += 10_000) tick(twin, atMs)
  for (const meter of site.equipment.filter((item) => item.class === 'Electrical_Meter')) {
    const start = startMs - (startMs % quarterMs) - 3 * 96 * quarterMs
    const values = Array.from(
      { length: 3 * 96 },
      (_, i) => load(meter.id, start + i * quarterMs) * (1 + 0.03 * random.normal()),
    )
    if (meter.id === 'meter-chillers')
      for (let i = values.length - 11; i < values.length; i++) values[i] = 96 + 3 * random.normal()
    twin.apply({
      type: 'profile',
      device: meter.id,
      profile: { point: 'power', intervalMs: quarterMs, startMs: start, values },
    })
  }
}

function load(meter: string, atMs: number): number {
  const scale = meter === 'meter-site' ? 300 : meter === 'meter-chillers' ? 60 : 40
  const { hour } = localTime(atMs, site.geo.utcOffsetMinutes)
  return scale * (0.35 + 0.65 * Math.exp(-(((hour - 14) / 4.5) ** 2)))
}

function forecast(meterId: string): readonly [string, Forecast] {
  const start = startMs - (startMs % quarterMs) - 24 * quarterMs
  const median = Array.from({ length: 96 }, (_, i) => load(meterId, start + i * quarterMs))
  return [
    meterId,
    {
      meterId,
      startMs: start,
      intervalMs: quarterMs,
      median,
      low: median.map((v) => v * 0.88),
      high: median.map((v) => v * 1.13),
      madeAtMs: startMs,
      engine: 'wasm',
    },
  ]
}

export function tick(twin: Twin, atMs: number): void {
  const indices: number[] = []
  const values: number[] = []
  for (const device of twin.devices.values()) {
    for (const point of device.birth.points) {
      const index = device.points[point.id]
      if (index === undefined || point.kind === 'message') continue
      indices.push(index)
      const word = point.values ? numericFromValue(point, point.values[1] ?? '') : undefined
      const flag = point.unit === '' && ['onOff', 'contact', 'motion', 'lock', 'siren', 'smoke'].includes(point.kind)
      values.push(
        word ??
          (flag
            ? point.kind === 'onOff'
              ? 1
              : 0
            : device.id.startsWith('meter-pv')
              ? 0
              : wave(device.id, point.kind, atMs, index)),
      )
    }
  }
  twin.apply({
    type: 'readings',
    block: {
      count: indices.length,
      indices: Uint32Array.from(indices),
      values: Float64Array.from(values),
      atMs: new Float64Array(indices.length).fill(atMs),
      quality: new Uint8Array(indices.length),
    },
  })
}

function cameraHealth(nowMs: number) {
  return new Map(
    site.cameras.map((camera) => [
      camera.id,
      {
        cameraId: camera.id,
        fps: 7.9,
        width: 384,
        height: 216,
        lastFrameAtMs: nowMs,
        framesTotal: 900,
        framesDropped: 3,
      },
    ]),
  )
}

function verdicts() {
  return new Map(
    site.zones
      .filter((zone) => zone.conditioned)
      .map((zone, i) => [
        zone.id,
        { zoneId: zone.id, atMs: startMs, occupied: i % 3 === 0 ? 0.9 : 0.1, fireLike: 0.01, engine: 'wasm' as const },
      ]),
  )
}

const dockCamera = site.cameras.find((camera) => camera.zones.includes('dock')) ?? site.cameras[0]

function tellStory(twin: Twin, story: string): void {
  const at = (s: number) => startMs - 20_000 + s * 1000
  const intrusion: Incident = {
    id: 'inc-1',
    kind: 'intrusion',
    priority: 'critical',
    state: 'active',
    zone: 'dock',
    subject: dockCamera?.id ?? 'cam',
    openedAtMs: at(1.4),
    updatedAtMs: at(4),
    confidence: 0.97,
    revision: 2,
    planId: 'plan-1',
    evidence: [
      {
        source: 'video',
        kind: 'personInZone',
        subject: dockCamera?.id ?? 'cam',
        atMs: at(0.6),
        weight: 0.9,
        values: { score: 0.91, trackId: `${dockCamera?.id}:3` },
      },
      {
        source: 'device',
        kind: 'doorOpened',
        subject: 'gate-dock',
        atMs: at(1.2),
        weight: 0.7,
        values: { open: true },
      },
    ],
    stages: { sensedAtMs: at(0), inferredAtMs: at(0.42), decidedAtMs: at(1.4) },
  }
  const anomaly: Incident = {
    id: 'inc-2',
    kind: 'energyAnomaly',
    priority: 'medium',
    state: 'acknowledged',
    zone: 'plant-cooling',
    subject: 'meter-chillers',
    openedAtMs: at(-1500),
    updatedAtMs: at(-100),
    confidence: 0.83,
    revision: 4,
    planId: 'plan-2',
    evidence: [
      {
        source: 'energy',
        kind: 'bandBroken',
        subject: 'meter-chillers',
        atMs: at(-1500),
        weight: 0.8,
        values: { expectedKw: 22.4, actualKw: 96.1, excessKwh: 41.2, direction: 'above' },
      },
    ],
    stages: {
      sensedAtMs: at(-1800),
      inferredAtMs: at(-1500),
      decidedAtMs: at(-1499),
      actedAtMs: at(-900),
      verifiedAtMs: at(-893),
    },
  }
  const closed: Incident = {
    ...intrusion,
    id: 'inc-0',
    kind: 'peakDemand',
    priority: 'high',
    state: 'closed',
    zone: 'plant-electrical',
    openedAtMs: at(-30_000),
    closedAtMs: at(-26_000),
    evidence: [],
  }
  const plan: Plan = {
    id: 'plan-1',
    incidentId: 'inc-1',
    playbook: 'intruder',
    state: 'proposed',
    title: { en: 'Secure the loading dock', zh: '封控装卸月台' },
    reason: {
      en: 'A person stands in the dock outside its hours and the dock door was opened. Light, a locked gate and the guard stop what is going on and keep it in view.',
      zh: '月台在非开放时段有人，且月台门被打开。照明、锁闭闸门并通知门卫可制止事态并保持可见。',
    },
    steps: [
      { device: 'dock-lights', point: 'on', value: true, previous: false, reason: { en: 'Light', zh: '照明' } },
      {
        device: site.gates.find((gate) => gate.kind === 'gate')?.id ?? 'gate',
        point: 'lock',
        value: true,
        previous: false,
        reason: { en: 'Lock', zh: '锁闭' },
      },
      {
        device: 'guard-desk',
        point: 'message',
        value: 'Person at the loading dock',
        reason: { en: 'Tell the guard', zh: '通知门卫' },
      },
    ],
    expected: {
      riskReduced: {
        en: 'Theft and injury: the way out is closed and the guard is on the way',
        zh: '盗窃与伤害：出口已封，门卫前往',
      },
      basis: { en: 'Playbook “intruder at a restricted zone”', zh: '预案“禁入区域闯入”' },
    },
    proposedAtMs: at(1.5),
    updatedAtMs: at(1.5),
    revision: 1,
  }
  const done: Plan = {
    ...plan,
    id: 'plan-2',
    incidentId: 'inc-2',
    playbook: 'chiller',
    state: 'verified',
    title: { en: 'Switch chiller 1 back to auto', zh: '1 号冷机恢复自动' },
    reason: {
      en: 'Nobody is in the park and the chiller plant draws 74 kW more than expected since 23:30.',
      zh: '园区无人，制冷站自 23:30 起比预期多用 74 kW。',
    },
    steps: [{ device: 'chiller-1', point: 'mode', value: 'auto', previous: 'on', reason: 'auto', commandId: 'cmd-1' }],
    expected: {
      energySavedKwh: 412,
      costSaved: 187.4,
      currency: 'CNY',
      peakCutKw: 74,
      horizonMs: at(19_000),
      basis: {
        en: 'Forecast median until Monday 06:00 against the present draw',
        zh: '以当前功率对照预测中值，计至周一 06:00',
      },
    },
    measured: { energySavedKwh: 58.3, costSaved: 18.1, fromMs: at(-893), toMs: at(0) },
    decidedBy: 'operator',
    decidedAtMs: at(-902),
  }
  const command = (id: string, over: Partial<CommandRecord>): CommandRecord => ({
    id,
    device: 'chiller-1',
    point: 'mode',
    value: 'auto',
    previous: 'on',
    state: 'verified',
    reason: 'Switch chiller 1 back to auto',
    issuedBy: 'operator',
    planId: 'plan-2',
    issuedAtMs: at(-901),
    expiresAtMs: at(-880),
    acknowledgedAtMs: at(-900.6),
    settledAtMs: at(-893),
    latency: { sentMs: 12, acknowledgedMs: 184, settledMs: 7420 },
    rollbackOffered: false,
    ...over,
  })
  twin.project({
    incidents: story === 'energy' ? [anomaly, closed] : [intrusion, anomaly, closed],
    plans: story === 'energy' ? [done] : [plan, done],
    commands: [
      command('cmd-1', {}),
      command('cmd-2', {
        device: 'carpark-fan',
        point: 'on',
        value: true,
        previous: false,
        planId: '',
        state: 'timedOut',
        why: 'noAck',
        rollbackOffered: true,
        latency: { sentMs: 9 },
        issuedAtMs: at(-700),
        reason: 'set On by hand',
      }),
      command('cmd-3', {
        device: 'dock-lights',
        point: 'dimming',
        value: 80,
        previous: 40,
        planId: '',
        state: 'acknowledged',
        latency: { sentMs: 8, acknowledgedMs: 97 },
        issuedAtMs: at(-4),
        reason: 'set Brightness by hand',
      }),
    ],
    tracks: dockCamera
      ? [
          {
            id: `${dockCamera.id}:3`,
            cameraId: dockCamera.id,
            className: 'person',
            score: 0.91,
            box: { x: 150, y: 70, width: 30, height: 74 },
            firstSeenMs: at(0),
            lastSeenMs: startMs,
            zoneId: 'dock',
          },
        ]
      : [],
  })
  for (const [i, action] of [
    'incident.opened',
    'plan.proposed',
    'plan.approved',
    'command.issued',
    'command.verified',
  ].entries())
    twin.apply({
      type: 'audit',
      audit: {
        at: at(-905 + i * 3),
        actor: i === 2 ? 'operator' : 'console',
        action,
        subject: i < 3 ? 'meter-chillers' : 'chiller-1',
        detail: 'Chiller plant 74 kW above the expected band',
      },
    })
}
