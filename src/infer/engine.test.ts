import { describe, expect, it } from 'vitest'
import { FakeClock } from '../testing/fake-clock.ts'
import { Engine, type EngineReport } from './engine.ts'
import type { EngineBackend, EngineKind } from './engine-backend.ts'

interface FakeBackend extends EngineBackend {
  readonly log: string[]
  lose(why: string): void
  failing: boolean
  hanging: boolean
}

function backend(kind: EngineKind, clock: FakeClock, runsMs: number[], usable = true): FakeBackend {
  const lost: ((why: string) => void)[] = []
  const fake: FakeBackend = {
    kind,
    log: [],
    failing: false,
    hanging: false,
    probe: async () => ({ usable, why: usable ? 'there' : 'no adapter' }),
    async open() {
      fake.log.push('open')
      let run = 0
      return {
        async run() {
          if (fake.failing) throw new Error('device lost')
          if (fake.hanging) return new Promise(() => {})
          clock.advance(runsMs[Math.min(run++, runsMs.length - 1)] ?? 0)
          return { out: { data: new Float32Array([kind === 'wasm' ? 1 : 2]), dims: [1] } }
        },
        async dispose() {
          fake.log.push('dispose')
        },
      }
    },
    onLost: (callback) => {
      lost.push(callback)
      return () => void lost.splice(lost.indexOf(callback), 1)
    },
    setAside: (why) => void fake.log.push(`aside ${why}`),
    lose(why) {
      for (const callback of lost) callback(why)
    },
  }
  return fake
}

/** Lets every promise that can go on do so. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

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
  it('takes the faster one by the median after the first run, and keeps WASM beside a WebGPU that won', async () => {
    const clock = new FakeClock()
    const wasm = backend('wasm', clock, [30, 20])
    const webgpu = backend('webgpu', clock, [400, 5])
    const { engine } = await open([wasm, webgpu], clock)
    expect(engine.report).toMatchObject({ engine: 'webgpu', wasmMs: 20, webgpuMs: 5 })
    expect(wasm.log).toEqual(['open'])
    expect(webgpu.log).toEqual(['open'])
    await engine.dispose()
    expect(wasm.log).toEqual(['open', 'dispose'])
    expect(webgpu.log).toEqual(['open', 'dispose'])
  })

  it('lets a slower WebGPU go, whatever its adapter is called', async () => {
    const clock = new FakeClock()
    const webgpu = backend('webgpu', clock, [900, 300])
    const { engine } = await open([backend('wasm', clock, [20]), webgpu], clock)
    expect(engine.report).toMatchObject({ engine: 'wasm', wasmMs: 20, webgpuMs: 300 })
    expect(webgpu.log).toEqual(['open', 'dispose'])
  })

  it('does not load WebGPU where there is none, and says why', async () => {
    const clock = new FakeClock()
    const webgpu = backend('webgpu', clock, [1], false)
    const { engine } = await open([backend('wasm', clock, [20]), webgpu], clock)
    expect(engine.report).toMatchObject({ engine: 'wasm', why: 'webgpu: no adapter' })
    expect(webgpu.log).toEqual([])
  })

  it('waits for WebGPU no longer than its budget, and closes it should it come after all', async () => {
    const clock = new FakeClock()
    const webgpu = backend('webgpu', clock, [1])
    let opened = () => {}
    const loaded = new Promise<void>((resolve) => {
      opened = resolve
    })
    const slow: FakeBackend = { ...webgpu, open: (weights) => loaded.then(() => webgpu.open(weights)) }
    const opening = open([backend('wasm', clock, [20]), slow], clock)
    await settle()
    clock.advance(5999)
    await settle()
    expect(slow.log).toEqual([])
    clock.advance(1)
    const { engine } = await opening
    expect(engine.report).toMatchObject({ engine: 'wasm', why: 'webgpu: not ready within 6 s' })
    opened()
    await settle()
    expect(slow.log).toEqual(['aside webgpu: not ready within 6 s', 'open', 'dispose'])
    expect(clock.pendingCount).toBe(0)
  })

  it('gives up measuring a hopeless engine after its first run', async () => {
    const clock = new FakeClock()
    const webgpu = backend('webgpu', clock, [4000])
    const { engine } = await open([backend('wasm', clock, [20]), webgpu], clock)
    expect(engine.kind).toBe('wasm')
    expect(webgpu.log).toContain('open')
    expect(engine.report.why).toMatch(/first run took 4000 ms/)
    expect(webgpu.log).toEqual(['open', 'aside webgpu: first run took 4000 ms', 'dispose'])
    expect(clock.monotonicMs()).toBeLessThan(4500)
  })

  it('uses the engine asked for, even one that was set aside', async () => {
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
    await settle()
    expect(webgpu.log).toEqual(['open', 'dispose'])
  })

  it('does not leave a run hanging that the dead device never answers', async () => {
    const clock = new FakeClock()
    const webgpu = backend('webgpu', clock, [1])
    const { engine, reports } = await open([backend('wasm', clock, [20]), webgpu], clock)
    webgpu.hanging = true
    const run = engine.run({})
    await settle()
    webgpu.lose('destroyed')
    expect((await run).out?.data[0]).toBe(1)
    expect(reports).toHaveLength(1)
  })

  it('has WASM standing by even where WebGPU was asked for', async () => {
    const clock = new FakeClock()
    const wasm = backend('wasm', clock, [20])
    const webgpu = backend('webgpu', clock, [1])
    const { engine } = await open([wasm, webgpu], clock, 'webgpu')
    expect(wasm.log).toEqual(['open'])
    webgpu.lose('driver reset')
    expect((await engine.run({})).out?.data[0]).toBe(1)
    expect(wasm.log).toEqual(['open'])
  })

  it('does not hide a failure on WASM', async () => {
    const clock = new FakeClock()
    const wasm = backend('wasm', clock, [20])
    const { engine } = await open([wasm], clock)
    wasm.failing = true
    await expect(engine.run({})).rejects.toThrow('device lost')
  })
})
