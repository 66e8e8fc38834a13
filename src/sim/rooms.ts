/** The park's rooms: climate, air and sensors of every zone inside a building. */
import type { Random } from '../platform/random.ts'
import { signedAreaM2 } from '../site/geometry.ts'
import type { Building, Equipment, SiteFile, Zone } from '../site/schema.ts'
import { type Exposure, exposureOf, wallLengthM, wallSunWpM } from './daylight.ts'
import type { Devices } from './devices.ts'
import type { Metering } from './metering.ts'
import { isBetween, isWorkday, type Moment } from './moment.ts'
import { heatPumpCop, motorKw } from './physics/cooling.ts'
import { ceilingJetK, type FireSources } from './physics/fire.ts'
import { mixingRatio } from './physics/moist-air.ts'
import { clamp } from './physics/noise.ts'
import { followRoom, type RoomReading, restingReading, withNoise } from './physics/room-sensor.ts'
import { type CoilHeat, personSensibleW, stepZone, type ZoneParams, type ZoneState } from './physics/zone-air.ts'

export interface SimRoom {
  readonly zone: Zone
  readonly params: ZoneParams
  readonly exposure: Exposure
  readonly glassHeightM: number
  readonly state: ZoneState
  readonly coil: CoilHeat
  reading: RoomReading
  readonly fcuId: string
  readonly fanKw: number
  readonly ownCompressor: boolean
  readonly plugMeter: string | undefined
  readonly hvacMeter: string | undefined
  readonly sensorMoves: Random
  people: number
  lightsKw: number
  artificialLx: number
  daylightLx: number
  fire: FireSources | undefined
  /** Outdoor air that a fan in the doorway blows through, m³/s. */
  purgeM3ps: number
}

/** What the plant can do for a room in this step. */
export interface Supply {
  readonly coolShare: number
  freshM3ps(zoneId: string): number
  freshC(zoneId: string): number
}

/** Equipment in full use and at rest, W/m². */
const plugs: Partial<Record<Zone['kind'], readonly [full: number, rest: number]>> = {
  office: [11, 2],
  meeting: [5, 0.8],
  lab: [27, 8],
  canteen: [4, 1],
  kitchen: [95, 8],
  storage: [2.5, 0.8],
  lobby: [4, 1.2],
  server: [190, 190],
  plant: [6, 6],
  parking: [0.3, 0.3],
  production: [70, 6],
  hazard: [2, 2],
  shop: [12, 3],
  home: [5, 2],
}

export class Rooms {
  readonly list: readonly SimRoom[]
  readonly #byZone: ReadonlyMap<string, SimRoom>
  readonly #devices: Devices
  readonly #metering: Metering

  constructor(site: SiteFile, devices: Devices, metering: Metering, random: Random, outdoorC: number) {
    this.#devices = devices
    this.#metering = metering
    const buildings = new Map(site.buildings.map((b) => [b.id, b]))
    const fanCoils = new Map(site.equipment.filter((e) => e.class === 'FCU').map((e) => [e.id, e]))
    this.list = site.zones.flatMap((zone) => {
      const room = createRoom(buildings, fanCoils, zone, metering, random, outdoorC)
      return room ? [room] : []
    })
    this.#byZone = new Map(this.list.map((room) => [room.zone.id, room]))
    for (const room of this.list) {
      devices.preset(room.fcuId, 'setpoint', defaultSetpointC(room.zone))
      devices.preset(`power-${room.zone.id}`, 'on', true)
    }
  }

  get(zoneId: string): SimRoom | undefined {
    return this.#byZone.get(zoneId)
  }

  /** Heat that chilled water must carry away, W. */
  chilledLoadW(): number {
    let sum = 0
    for (const room of this.list) if (!room.ownCompressor) sum += room.coil.coolW
    return sum
  }

  /** Whether any room on chilled water is too warm for its setpoint now. */
  callsForCooling(moment: Moment): boolean {
    return this.list.some(
      (room) => !room.ownCompressor && this.#isActive(room, moment) && room.state.airC > this.#setpointC(room),
    )
  }

  step(moment: Moment, supply: Supply): void {
    const { weather } = moment
    const outdoorVapourGpKg = mixingRatio(weather.temperatureC, weather.humidityPct)
    for (const room of this.list) this.#stepRoom(room, moment, supply, outdoorVapourGpKg)
  }

  #stepRoom(room: SimRoom, moment: Moment, supply: Supply, outdoorVapourGpKg: number): void {
    const { weather } = moment
    const zoneId = room.zone.id
    const powered = !this.#devices.has(`power-${zoneId}`, 'on') || this.#devices.flag(`power-${zoneId}`, 'on')
    const plugW = powered ? plugLoadW(room, moment) : 0
    const sunW = wallSunWpM(room.exposure, weather)
    const active = this.#isActive(room, moment)
    const setpointC = this.#setpointC(room)
    const hand = this.#devices.word(room.fcuId, 'mode') === 'on'
    stepZone(
      room.params,
      room.state,
      {
        outdoorC: weather.temperatureC,
        outdoorVapourGpKg,
        outdoorPm25: weather.pm25,
        // blinds and low-e glass
        solarW: sunW * room.glassHeightM * 0.28,
        internalW: room.people * personSensibleW + plugW * 0.9 + room.lightsKw * 800 + (room.fire?.heatKw ?? 0) * 600,
        people: room.people,
        freshM3ps: supply.freshM3ps(zoneId),
        freshC: supply.freshC(zoneId),
        openM3ps: room.purgeM3ps,
        filteredM3ps: active ? room.params.volumeM3 / 1200 : 0,
        coolAboveC: hand ? setpointC - 0.4 : setpointC,
        heatBelowC: active ? Math.min(setpointC - 2, 20.5) : 12,
        coolShare: active ? (room.ownCompressor ? 1 : supply.coolShare) : 0,
        heatShare: this.#devices.word(room.fcuId, 'mode') === 'off' ? 0 : 1,
        co2Lps: room.fire?.co2Lps ?? 0,
        vapourGps: (room.fire?.vapourGps ?? 0) + cookingShare(room, moment) * 1.2,
        dustUgps: (room.fire?.dustUgps ?? 0) + room.people * 0.6 + cookingShare(room, moment) * 26,
      },
      moment.dtS,
      room.coil,
    )
    this.#metering.add(room.plugMeter, plugW / 1000)
    this.#tellCoil(room, active, moment)
    this.#tellSensors(room, moment, sunW)
  }

  #setpointC(room: SimRoom): number {
    return this.#devices.number(room.fcuId, 'setpoint', 25)
  }

  #isActive(room: SimRoom, moment: Moment): boolean {
    if (room.params.coolW === 0) return false
    const mode = this.#devices.word(room.fcuId, 'mode', 'auto')
    if (mode !== 'auto') return mode === 'on'
    if (room.ownCompressor) return true
    if (room.people > 0 && isBetween(moment.hour, 6, 22)) return true
    return isWorkday(moment) && isBetween(moment.hour, 7.5, 18.5)
  }

  #tellCoil(room: SimRoom, active: boolean, moment: Moment): void {
    if (room.params.coolW === 0) return
    const share = Math.max(room.coil.coolW / room.params.coolW, room.coil.heatW / Math.max(1, room.params.heatW))
    const speed = active ? 0.3 + 0.7 * share : share > 0 ? 0.4 : 0
    const compressorKw = room.ownCompressor ? room.coil.coolW / 1000 / 3.2 : 0
    const heaterKw = room.coil.heatW / 1000 / heatPumpCop(3.2, moment.weather.temperatureC)
    const kw = motorKw(room.fanKw, speed) + compressorKw + heaterKw
    this.#devices.measure(room.fcuId, 'speed', speed * 100)
    this.#devices.measure(room.fcuId, 'valve', share * 100)
    this.#devices.measure(room.fcuId, 'power', kw)
    this.#devices.measure(room.fcuId, 'return', room.state.airC)
    this.#metering.add(room.hvacMeter, kw)
  }

  #tellSensors(room: SimRoom, moment: Moment, sunW: number): void {
    const heatKw = room.fire?.heatKw ?? 0
    const heightM = room.params.volumeM3 / room.params.areaM2
    if (this.#devices.asleep) return
    followRoom(room.reading, room.state, 0.4 * ceilingJetK(heatKw, 4, heightM), moment.dtS)
    const seen = withNoise(room.reading, room.sensorMoves)
    const id = `env-${room.zone.id}`
    room.daylightLx = (sunW * room.glassHeightM * 0.45 * 108 * 0.18) / room.params.areaM2
    this.#devices.measure(id, 'temperature', seen.temperatureC)
    this.#devices.measure(id, 'humidity', seen.humidityPct)
    this.#devices.measure(id, 'co2', seen.co2Ppm)
    this.#devices.measure(id, 'pm25', seen.pm25)
    this.#devices.measure(id, 'illuminance', room.daylightLx + room.artificialLx)
    const missed = 0.35 ** Math.min(room.people, 6)
    this.#devices.measure(id, 'motion', room.people > 0 && room.sensorMoves.next() > missed)
    const obscurationPct = 100 * (1 - Math.exp(-8.7e-6 * 6 * room.state.pm25))
    const smokeId = `smoke-${room.zone.id}`
    this.#devices.measure(smokeId, 'obscuration', obscurationPct)
    const alarmed = this.#devices.flag(smokeId, 'smoke')
    this.#devices.measure(smokeId, 'smoke', obscurationPct > (alarmed ? 1.5 : 4))
  }
}

function cookingShare(room: SimRoom, moment: Moment): number {
  if (room.zone.kind !== 'kitchen' || !isWorkday(moment)) return 0
  const { hour } = moment
  return isBetween(hour, 6.3, 8) ? 0.4 : isBetween(hour, 9.8, 13) ? 1 : isBetween(hour, 16, 18.2) ? 0.6 : 0
}

function plugLoadW(room: SimRoom, moment: Moment): number {
  const [full, rest] = plugs[room.zone.kind] ?? [2, 1]
  const use =
    room.zone.kind === 'kitchen'
      ? cookingShare(room, moment)
      : clamp(room.people / Math.max(1, 0.65 * room.zone.capacity), 0, 1)
  return room.params.areaM2 * (rest + (full - rest) * use)
}

function defaultSetpointC(zone: Zone): number {
  if (zone.kind === 'server') return 24
  if (zone.kind === 'plant') return 28
  return zone.id.includes('cold') ? 16 : 25
}

function createRoom(
  buildings: ReadonlyMap<string, Building>,
  fanCoils: ReadonlyMap<string, Equipment>,
  zone: Zone,
  metering: Metering,
  random: Random,
  outdoorC: number,
): SimRoom | undefined {
  const building = buildings.get(zone.building ?? '')
  if (!building) return undefined
  const areaM2 = Math.abs(signedAreaM2(zone.polygon))
  const volumeM3 = areaM2 * zone.heightM
  const exposure = exposureOf(zone, building)
  const open = building.facade.style === 'open'
  const facadeM2 = wallLengthM(exposure) * zone.heightM
  const glassHeightM = open ? 0 : zone.heightM * building.facade.glazing
  const glassM2 = wallLengthM(exposure) * glassHeightM
  const isTop = building.storeys.at(-1)?.id === zone.storey
  const fcuId = `fcu-${zone.id}`
  const fcu = fanCoils.get(fcuId)
  const state: ZoneState = {
    airC: zone.conditioned ? clamp(outdoorC, 18, 26) : outdoorC,
    massC: clamp(outdoorC, 17, 27),
    co2Ppm: 430,
    vapourGpKg: 9,
    pm25: 18,
  }
  return {
    zone,
    exposure,
    glassHeightM,
    state,
    coil: { coolW: 0, heatW: 0 },
    reading: restingReading(state),
    fcuId,
    fanKw: fcu?.ratings?.fanKw ?? 0,
    ownCompressor:
      zone.kind === 'server' || zone.kind === 'plant' || building.use === 'gatehouse' || building.use === 'warehouse',
    plugMeter: metering.circuitMeter(
      building.id,
      zone.kind === 'server' ? 'server' : zone.kind === 'kitchen' ? 'kitchen' : 'plug',
    ),
    hvacMeter: metering.circuitMeter(building.id, 'hvac'),
    sensorMoves: random.fork(zone.id),
    people: 0,
    lightsKw: 0,
    artificialLx: 0,
    daylightLx: 0,
    fire: undefined,
    purgeM3ps: 0,
    params: {
      areaM2,
      volumeM3,
      airJpK: volumeM3 * 1206 * 3.5,
      massJpK: areaM2 * 190_000,
      massCouplingWpK: areaM2 * 8,
      envelopeWpK: glassM2 * 2 + (facadeM2 - glassM2) * 0.45 + (isTop ? areaM2 * 0.3 : 0) + (open ? areaM2 * 20 : 0),
      infiltrationM3ps: (volumeM3 * (open ? 6 : 0.18)) / 3600,
      coolW: (fcu?.ratings?.coolKw ?? 0) * 1000,
      heatW: (fcu?.ratings?.heatKw ?? 0) * 1000,
    },
  }
}
