import type { InstancedMesh } from 'three'
import { Color, Matrix4, Vector3 } from 'three'
import { expect, it } from 'vitest'
import type { FaultReport } from '../../platform/faults.ts'
import type { Result } from '../../platform/result.ts'
import { ok } from '../../platform/result.ts'
import type { SiteFile } from '../../site/schema.ts'
import { tinyGlb } from '../../testing/tiny-glb.ts'
import { tinySite } from '../../testing/tiny-site.ts'
import { filmMaterial } from '../film-material.ts'
import type { KitMesh } from '../kit/mesh.ts'
import { sharedUniforms, solidMaterial, zoneTable } from '../materials.ts'
import { type ModelFault, modelFault } from '../model-fetch.ts'
import { readModel } from '../model-mesh.ts'
import { scenePalettes } from '../palette.ts'
import { qualitySettings } from '../quality.ts'
import { indexSite, storeyToOpen } from '../scene-index.ts'
import { noAttention } from '../stage-layer.ts'
import type { LayerContext } from './layer.ts'
import { ModelLayer } from './model-layer.ts'

function park() {
  const site = tinySite()
  const model = (id: string) => ({ id, url: `${id}.glb`, scale: 1, headingDeg: 0 })
  site.models = [model('hall'), model('lamp'), model('unused')]
  for (const building of site.buildings) building.model = 'hall'
  for (const device of site.equipment) if (device.id === 'dock-lights') device.model = 'lamp'
  const index = indexSite(site)
  const told = { faults: new Map<string, FaultReport>(), reasons: [] as string[], casters: 0, asked: [] as string[] }
  const uniforms = sharedUniforms(zoneTable(index.slots))
  const context: LayerContext = {
    index,
    palette: scenePalettes.dark,
    quality: qualitySettings('floor', 1),
    uniforms,
    film: filmMaterial(),
    surroundings: filmMaterial(),
    solid: solidMaterial(uniforms, { plain: true, lamplit: false }),
    reducedMotion: false,
    host: {
      redraw: (reason) => told.reasons.push(reason),
      castersMoved: () => told.casters++,
      targetsChanged: () => {},
      facts: () => {},
      lookAgain: () => {},
      fault: (key, report) => (report ? told.faults.set(key, report) : told.faults.delete(key)),
    },
  }
  const drawn = { plain: new Map<string, boolean>(), devices: [] as string[] }
  const standIns = {
    buildings: { standIn: (id: string, stands: boolean) => drawn.plain.set(id, !stands) },
    devices: { standModel: (id: string) => drawn.devices.push(id) },
  }
  const build = (answer: (id: string) => Promise<Result<KitMesh, ModelFault>>) =>
    new ModelLayer(context, standIns, (_: SiteFile, { id }) => {
      told.asked.push(id)
      return answer(id)
    })
  return { index, told, drawn, build }
}

const box = (id: string) => readModel(tinyGlb([20, 6, 12]), { id, url: `${id}.glb`, scale: 1, headingDeg: 0 })

function instance(layer: ModelLayer) {
  const mesh = layer.object.children[0] as InstancedMesh
  const matrix = new Matrix4()
  mesh.getMatrixAt(0, matrix)
  const color = new Color()
  mesh.getColorAt(0, color)
  return { at: new Vector3().setFromMatrixPosition(matrix).toArray(), seen: matrix.determinant() !== 0, color }
}

it('stands on the middle of the footprint, and only then the plain building goes', async () => {
  const { told, drawn, build } = park()
  const layer = build(box)
  expect(drawn.plain.size).toBe(0)
  await layer.done
  expect(told.asked).toEqual(['hall', 'lamp'])
  expect(drawn).toEqual({ plain: new Map([['hall', false]]), devices: ['hall', 'lamp'] })
  expect(instance(layer)).toMatchObject({ at: [10, 6, 0], seen: true })
  expect(told.reasons).toContain('models')
  expect(told.casters).toBeGreaterThan(0)
  expect(told.faults.size).toBe(0)
  layer.dispose()
  expect(layer.object.children).toEqual([])
})

it('gives way to the plain building while that is cut, and takes the colour of a selection', async () => {
  const { index, drawn, build } = park()
  const layer = build(box)
  await layer.done
  const open = storeyToOpen(index, { kind: 'storey', id: 'hall/ground' })
  layer.attend({ ...noAttention, open })
  expect(drawn.plain.get('hall')).toBe(true)
  expect(instance(layer).seen).toBe(false)
  const white = instance(layer).color
  layer.attend({ ...noAttention, selected: { kind: 'building', id: 'hall' } })
  expect(drawn.plain.get('hall')).toBe(false)
  expect(instance(layer).seen).toBe(true)
  expect(instance(layer).color).not.toEqual(white)
})

it('leaves the plain building where a model fails, says so, and takes it back at the end', async () => {
  const { told, drawn, build } = park()
  const layer = build((id) => (id === 'hall' ? Promise.resolve(modelFault('scene.modelUnreachable', 'gone')) : box(id)))
  await layer.done
  expect(drawn).toEqual({ plain: new Map(), devices: ['lamp'] })
  expect([...told.faults]).toEqual([
    ['scene:model/hall', { severity: 'warning', code: 'scene.modelUnreachable', detail: 'gone' }],
  ])
  layer.dispose()
  expect(told.faults.size).toBe(0)
})

it('stops at the budget of the whole site', async () => {
  const { told, drawn, build } = park()
  const heavy = { positions: new Float32Array(9), normals: new Float32Array(9), colors: new Float32Array(9) }
  const layer = build(() => Promise.resolve(ok({ ...heavy, indices: new Uint32Array(3_000_000) })))
  await layer.done
  expect(drawn.devices).toEqual(['hall'])
  expect(told.faults.get('scene:model/lamp')?.code).toBe('scene.modelTooLarge')
})

it('loads no more once it is disposed of', async () => {
  const { told, drawn, build } = park()
  let arrive: (mesh: Result<KitMesh, ModelFault>) => void = () => {}
  const layer = build(
    () =>
      new Promise((done) => {
        arrive = done
      }),
  )
  layer.dispose()
  arrive(await box('hall'))
  await layer.done
  expect(told.asked).toEqual(['hall'])
  expect(drawn.devices).toEqual([])
})
