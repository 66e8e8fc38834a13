import { describe, expect, it } from 'vitest'
import type { CameraFrame } from '../contract/camera.ts'
import type { Detection } from '../contract/perception.ts'
import { createPictureExporter, type ExporterNeeds } from './picture-exporter.ts'

const frame: CameraFrame = {
  cameraId: 'cam-dock',
  frameId: 3,
  capturedAtMs: Date.UTC(2026, 5, 3, 1, 30, 15),
  width: 64,
  height: 36,
  rgba: new ArrayBuffer(64 * 36 * 4),
}
const person: Detection = {
  classId: 0,
  className: 'person',
  score: 0.8,
  box: { x: 10, y: 5, width: 10, height: 25 },
}
const request = {
  format: 'jpeg',
  wholePersons: false,
  caption: (time: string, who: string) => `${time} ${who}`,
} as const

function setUp(given: Partial<ExporterNeeds> = {}) {
  const steps: string[] = []
  const exporter = createPictureExporter({
    take: async () => frame,
    inspect: async () => {
      steps.push('inspected')
      return [person]
    },
    encode: async (_, regions, caption) => {
      steps.push(`encoded ${regions.length} ${caption}`)
      return new Blob(['x'])
    },
    record: (cameraId, detail) => {
      steps.push(`recorded ${cameraId} ${detail}`)
      return { accepted: true }
    },
    personName: 'manager',
    utcOffsetMinutes: () => 480,
    ...given,
  })
  return { exporter, steps }
}

describe('exporting a picture', () => {
  it('looks first, blurs what was found, writes the audit line, and only then gives the file away', async () => {
    const { exporter, steps } = setUp()
    const outcome = await exporter.exportPicture('cam-dock', request)
    expect(outcome).toMatchObject({ ok: true, value: { blurred: 1, fileName: 'cam-dock-2026-06-03T093015+0800.jpg' } })
    expect(steps).toEqual([
      'inspected',
      'encoded 1 2026-06-03 09:30:15+08:00 manager',
      'recorded cam-dock picture of 2026-06-03T09:30:15+08:00 as jpeg, 1 regions blurred (heads and plates)',
    ])
  })

  it('is refused with its reason when one of the steps cannot be', async () => {
    const refusals: readonly [Partial<ExporterNeeds>, string][] = [
      [{ take: async () => undefined }, 'noPicture'],
      [{ inspect: async () => undefined }, 'noDetector'],
      [{ encode: async () => undefined }, 'notEncoded'],
      [{ record: () => ({ accepted: false, why: 'linkDown' }) }, 'noAudit'],
      [{ record: () => ({ accepted: false, why: 'role' }) }, 'role'],
    ]
    for (const [given, error] of refusals)
      expect(await setUp(given).exporter.exportPicture('cam-dock', request)).toEqual({ ok: false, error })
  })
})
