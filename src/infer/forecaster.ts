import type { Forecast } from '../contract/perception.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { Engine, type EngineOptions } from './engine.ts'
import { forecastInput, forecastShape } from './forecaster-input.ts'
import type { ForecastManifest, LoadedModel, ModelError } from './model-manifest.ts'

/** A meter's last week in, the quantiles of its next day out. */
export class Forecaster {
  readonly manifest: ForecastManifest
  readonly engine: Engine

  private constructor(manifest: ForecastManifest, engine: Engine) {
    this.manifest = manifest
    this.engine = engine
  }

  static async open(model: LoadedModel, options: EngineOptions): Promise<Result<Forecaster, ModelError>> {
    const { manifest } = model
    if (manifest.task !== 'forecast')
      return err({ code: 'wrongTask', message: `${manifest.name} does ${manifest.task}` })
    const { history, calendar, intervalMs, historyIntervals } = manifest.input
    const fits =
      intervalMs === forecastShape.intervalMs &&
      historyIntervals === forecastShape.historyIntervals &&
      manifest.output.horizonIntervals === forecastShape.horizonIntervals
    if (!fits)
      return err({ code: 'badManifest', message: `${manifest.name}: only 15 minutes, 7 days back, 1 day ahead` })
    const zeros = (shape: readonly number[]) => ({ data: new Float32Array(shape.reduce((a, b) => a * b)), dims: shape })
    const sample = { [history.name]: zeros(history.shape), [calendar.name]: zeros(calendar.shape) }
    const engine = await Engine.open(model.weights, sample, options)
    return engine.ok ? ok(new Forecaster(manifest, engine.value)) : engine
  }

  /** `history` ends where the forecast starts. Undefined, or shorter, where it knows no day like those ahead. */
  async forecast(request: {
    readonly meterId: string
    readonly history: Float32Array
    readonly startMs: number
    readonly utcOffsetMinutes: number
  }): Promise<Forecast | undefined> {
    const { meterId, startMs } = request
    const input = forecastInput(request.history, startMs, request.utcOffsetMinutes)
    if (!input) return undefined
    const { history, calendar } = this.manifest.input
    const outputs = await this.engine.run({
      [history.name]: { data: input.history, dims: history.shape },
      [calendar.name]: { data: input.calendar, dims: calendar.shape },
    })
    const raw = outputs[this.manifest.output.name]
    if (!raw) throw new Error(`model ${this.manifest.name} has no output ${this.manifest.output.name}`)
    const { centre, scale } = input.meterScale
    const steps = forecastShape.horizonIntervals
    const row = (i: number): number[] =>
      Array.from(raw.data.subarray(i * steps, i * steps + input.familiarSteps), (value) => centre + scale * value)
    const median = row(1)
    return {
      meterId,
      startMs,
      intervalMs: forecastShape.intervalMs,
      low: row(0).map((value, i) => Math.min(value, median[i] as number)),
      median,
      high: row(2).map((value, i) => Math.max(value, median[i] as number)),
      madeAtMs: startMs,
      engine: this.engine.kind,
    }
  }

  dispose(): Promise<void> {
    return this.engine.dispose()
  }
}
