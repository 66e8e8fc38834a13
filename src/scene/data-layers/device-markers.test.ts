import { expect, it } from 'vitest'
import { buildCampus } from '../../site/campus/campus.ts'
import type { HotPoints } from '../../twin/hot-points.ts'
import type { TwinDevice, TwinState } from '../../twin/twin.ts'
import type { LayerContext } from '../layers/layer.ts'
import { indexSite } from '../scene-index.ts'
import { DeviceMarkers } from './device-markers.ts'

const device = (id: string, online: boolean): TwinDevice =>
  ({ id, online, points: {}, birth: { points: [] } }) as unknown as TwinDevice

it('counts a device that stands nowhere, and draws no mark for it', () => {
  const markers = new DeviceMarkers({ index: indexSite(buildCampus()) } as unknown as LayerContext, 'health')
  const devices = new Map([device('meter-tariff', false), device('dock-door', true)].map((it) => [it.id, it]))
  markers.setDevices(devices)
  const state = { siteNowMs: 0, clock: { speed: 1 } } as unknown as TwinState
  const { facts } = markers.sync(state, {} as HotPoints)
  expect(facts.health).toMatchObject({ online: 1, offline: 1 })
  expect(markers.mesh.geometry).toHaveProperty('instanceCount', 1)
  markers.dispose()
})
