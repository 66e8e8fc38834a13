import { afterAll, describe, expect, it } from 'vitest'
import type { InferenceEvent } from '../src/infer/inference.ts'
import { InferenceService } from '../src/infer/inference-service.ts'
import { ortBackends } from '../src/infer/ort-backend.ts'
import { systemClock } from '../src/platform/clock.ts'
import { simulateMeterHistory } from '../src/sim/training/meter-history.ts'
import { modelFolder } from './model-card.ts'

const service = new InferenceService({ clock: systemClock, backends: ortBackends(), filesOf: modelFolder })
const events: InferenceEvent[] = []
service.subscribe((event) => events.push(event))
afterAll(() => service.dispose())

async function until<T extends InferenceEvent['type']>(type: T) {
  const isIt = (event: InferenceEvent): event is Extract<InferenceEvent, { type: T }> => event.type === type
  return (
    events.find(isIt) ??
    new Promise<Extract<InferenceEvent, { type: T }>>((resolve) => {
      const stop = service.subscribe((event) => {
        if (!isIt(event)) return
        stop()
        resolve(event)
      })
    })
  )
}

describe('shipped models in Node, on the real runtime', () => {
  it('open, each with its hash checked and its engine named', async () => {
    service.send({ type: 'open', folders: { forecast: 'models/forecaster', environment: 'models/environment' } })
    const { models } = await until('models')
    expect(models.map(({ task, engine }) => `${task} ${engine}`)).toEqual(['forecast wasm', 'environment wasm'])
    expect(models.every(({ wasmMs = 0 }) => wasmMs > 0)).toBe(true)
  })

  it('notice a chiller plant that runs through the weekend', async () => {
    // A Monday; the fault begins on Saturday of the second week.
    const startMs = Date.UTC(2025, 6, 7) - 480 * 60_000
    const { powerKw, intervalMs } = simulateMeterHistory({ seed: 9_100_001, days: 13, kind: 'chillerPlant', startMs })
    const saturday = 12 * 96
    const high = Math.max(...powerKw.subarray(0, saturday))
    const values = Array.from(powerKw.subarray(0, saturday + 16), (kw, i) => (i >= saturday ? 0.6 * high : kw))
    service.send({ type: 'site', site: { cameras: [], zones: [], utcOffsetMinutes: 480 } })
    service.send({ type: 'profile', meterId: 'meter-1', profile: { point: 'power', intervalMs, startMs, values } })
    const { bandBreak } = await until('bandBreak')
    expect(bandBreak.direction).toBe('above')
    expect(bandBreak.sinceMs).toBe(startMs + saturday * intervalMs)
    expect(bandBreak.expectedKw).toBeLessThan(0.2 * high)
  })

  it('tell a burning room from a quiet one', async () => {
    const steps = 24
    const window = (zoneId: string, rise: number) => ({
      zoneId,
      atMs: 0,
      channels: {
        temperature: Float32Array.from({ length: steps }, (_, i) => 23 + rise * Math.max(0, i - 19) * 2),
        humidity: new Float32Array(steps).fill(45),
        co2: Float32Array.from({ length: steps }, (_, i) => 450 + rise * Math.max(0, i - 19) * 60),
        pm25: Float32Array.from({ length: steps }, (_, i) => 12 + rise * Math.max(0, i - 19) ** 2 * 60),
      },
    })
    const verdicts: number[] = []
    const both = new Promise<void>((resolve) => {
      service.subscribe((event) => {
        if (event.type === 'environment' && verdicts.push(event.verdict.fireLike) === 2) resolve()
      })
    })
    service.send({ type: 'environment', window: window('quiet', 0) })
    service.send({ type: 'environment', window: window('burning', 1) })
    await both
    expect(verdicts[0]).toBeLessThan(0.1)
    expect(verdicts[1]).toBeGreaterThan(0.9)
  })
})
