/** Point descriptors by kind, so that units and ranges are said once. */
import type { LocalText } from '../../contract/messages.ts'
import { type EquipmentInput, name } from './shapes.ts'

export type PointInput = NonNullable<EquipmentInput['points']>[number]

interface Extra {
  readonly id?: string
  readonly name?: LocalText
  readonly min?: number
  readonly max?: number
  readonly settleMs?: number
}

/** `windSpeed` is the kind, `wind-speed` the id. */
function kebab(kind: string): string {
  return kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

function measured(kind: string, unit: string, label: LocalText) {
  return (extra: Extra = {}): PointInput => ({ id: kebab(kind), kind, unit, name: label, ...extra })
}

export const temperature = measured('temperature', '°C', name('Temperature', '温度'))
export const humidity = measured('humidity', '%', name('Relative humidity', '相对湿度'))
export const co2 = measured('co2', 'ppm', name('CO₂', '二氧化碳'))
export const pm25 = measured('pm25', 'µg/m³', name('PM2.5', 'PM2.5'))
export const illuminance = measured('illuminance', 'lx', name('Illuminance', '照度'))
export const motion = measured('motion', '', name('Motion', '人体感应'))
export const contact = measured('contact', '', name('Open', '开启'))
export const power = measured('power', 'kW', name('Power', '功率'))
export const energy = measured('energy', 'kWh', name('Energy', '电量'))
export const reactivePower = measured('reactivePower', 'kvar', name('Reactive power', '无功功率'))
export const voltage = measured('voltage', 'V', name('Voltage', '电压'))
export const soc = measured('soc', '%', name('State of charge', '荷电状态'))
export const level = measured('level', '%', name('Level', '开度'))
export const speed = measured('speed', '%', name('Speed', '转速'))
export const airflow = measured('airflow', 'm³/h', name('Airflow', '风量'))
export const flow = measured('flow', 'm³/h', name('Flow', '流量'))
export const smoke = measured('smoke', '', name('Smoke alarm', '烟雾报警'))
export const irradiance = measured('irradiance', 'W/m²', name('Irradiance', '辐照度'))
export const windSpeed = measured('windSpeed', 'm/s', name('Wind speed', '风速'))
export const rain = measured('rain', 'mm/h', name('Rain', '降雨'))
export const cloud = measured('cloud', '', name('Cloud cover', '云量'))
export const price = measured('price', 'CNY/kWh', name('Price', '电价'))

export function numberSetting(
  kind: string,
  unit: string,
  label: LocalText,
  min: number,
  max: number,
  extra: Extra = {},
): PointInput {
  return { id: kebab(kind), kind, unit, name: label, min, max, writable: true, settleMs: 3000, ...extra }
}

export function wordSetting(id: string, kind: string, label: LocalText, values: string[], settleMs = 3000): PointInput {
  return { id, kind, unit: '', name: label, values, writable: true, settleMs }
}

export function onOff(settleMs = 1500): PointInput {
  return { id: 'on', kind: 'onOff', unit: '', name: name('On', '开关'), writable: true, settleMs }
}

export function dimming(): PointInput {
  return numberSetting('dimming', '%', name('Brightness', '亮度'), 0, 100, { settleMs: 2000 })
}

export function mode(values = ['off', 'auto', 'on'], settleMs = 6000): PointInput {
  return wordSetting('mode', 'mode', name('Mode', '运行模式'), values, settleMs)
}
