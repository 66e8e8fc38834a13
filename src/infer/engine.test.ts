import { describe, expect, it } from 'vitest'
import { FakeClock } from '../testing/fake-clock.ts'
import { Engine, type EngineReport } from './engine.ts'
import type { EngineBackend, EngineKind } from './engine-backend.ts'

interface FakeBackend extends EngineBackend {
  readonly log: string[]
  lose(why: string): void
  failing: boolean
}

function backend(kind: EngineKind, clock: FakeClock, runsMs: number[], usable = true): FakeBackend {
  const lost: ((why: string) => void)[] = []
  const fake: FakeBackend = {
    kind,
    log: [],
    failing: false,
    probe: async () => ({ usable, why: usable ? 'there' : 'software adapter' }),
    async open() {
      fake.log.push('open')
      let run = 0
      return {
        async run() {
          if (fake.failing) throw new Error('device lost')
          clock.advance(runsMs[Math.min(run++, runsMs.length - 1)] ?? 0)
          return { out: { data: new Float32Array([kind === 'wasm' ? 1 : 2]), dims: [1] } }
        },
        async dispose() {
          fake.log.push('dispose')
        },
      }
    },
    onLost: (callback) => void lost.push(callback),
    lose(why) {
      for (const callback of lost) callback(why)
    },
  }
  return fake
}

async function open(backends: readonly FakeBackend[], clock: FakeClock, preference: 'auto' | EngineKind = 'auto') {
  const reports: EngineReport[] = []
  const engine = await Engine.open(
    new Uint8Array(1),
    {},
    { clock, backends, preference, changed: (report) => reports.push(report) },
  )
  if (!engine.ok) throw new Error(engine.error.message)
  return { engine: engine.value, reports }
}

describe('choice of engine', () => {
  it('takes the faster one by the median after the first run, and lets the other go', async () => {
    const clock = new FakeClock()
    const wasm = backend('wasm', clock, [30, 20])
    const webgpu = backend('webgpu', clock, [400, 5])
    const { engine } = await open([wasm, webgpu], clock)
    expect(engine.report).toMatchObject({ engine: 'webgpu', wasmMs: 20, webgpuMs: 5 })
    expect(wasm.log).toEqual(['open', 'dispose'])
    expect(webgpu.log).toEqual(['open'])
  })

  it('does not load WebGPU for a software adapter, and says why', async () => {
    const clock = new FakeClock()
    const webgpu = backend('webgpu', clock, [1], false)
    const { engine } = await open([backend('wasm', clock, [20]), webgpu], clock)
    expect(engine.report).toMatchObject({ engine: 'wasm', why: 'webgpu: software adapter' })
    expect(webgpu.log).toEqual([])
  })

  it('gives up measuring a hopeless engine after its first run', async () => {
    const clock = new FakeClock()
    const webgpu = backend('webgpu', clock, [9000])
    const { engine } = await open([backend('wasm', clock, [20]), webgpu], clock)
    expect(engine.kind).toBe('wasm')
    expect(webgpu.log).toEqual(['open', 'dispose'])
    expect(clock.monotonicMs()).toBeLessThan(9500)
  })

  it('uses the engine asked for, even a software one', async () => {
    const clock = new FakeClock()
    const { engine } = await open([backend('wasm', clock, [1]), backend('webgpu', clock, [50], false)], clock, 'webgpu')
    expect(engine.kind).toBe('webgpu')
  })

  it('fails with a reason where nothing runs', async () => {
    const clock = new FakeClock()
    const broken = backend('wasm', clock, [1])
    broken.failing = true
    const engine = await Engine.open(new Uint8Array(1), {}, { clock, backends: [broken] })
    expect(engine).toMatchObject({ ok: false, error: { code: 'engineFailed', message: 'wasm: device lost' } })
  })
})

describe('a lost GPU', () => {
  it('is replaced by WASM at once, and the change is told', async () => {
    const clock = new FakeClock()
    const webgpu = backend('webgpu', clock, [1])
    const { engine, reports } = await open([backend('wasm', clock, [20]), webgpu], clock)
    webgpu.lose('driver reset')
    expect((await engine.run({})).out?.data[0]).toBe(1)
    expect(reports).toMatchObject([{ engine: 'wasm', why: 'GPU lost: driver reset' }])
  })

  it('repeats the run that failed with it', async () => {
    const clock = new FakeClock()
    const webgpu = backend('webgpu', clock, [1])
    const { engine } = await open([backend('wasm', clock, [20]), webgpu], clock)
    webgpu.failing = true
    expect((await engine.run({})).out?.data[0]).toBe(1)
    expect(engine.kind).toBe('wasm')
    expect(webgpu.log).toEqual(['open', 'dispose'])
  })

  it('does not hide a failure on WASM', async () => {
    const clock = new FakeClock()
    const wasm = backend('wasm', clock, [20])
    const { engine } = await open([wasm], clock)
    wasm.failing = true
    await expect(engine.run({})).rejects.toThrow('device lost')
  })
})
