import type { EnvironmentVerdict } from '../contract/perception.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { Engine, type EngineOptions } from './engine.ts'
import { type EnvironmentWindow, environmentShape, environmentTensor } from './environment-input.ts'
import type { EnvironmentManifest, LoadedModel, ModelError } from './model-manifest.ts'

/** The last minutes of a zone's air in; how likely it is occupied, and how likely something burns there, out. */
export class EnvironmentModel {
  readonly manifest: EnvironmentManifest
  readonly engine: Engine

  private constructor(manifest: EnvironmentManifest, engine: Engine) {
    this.manifest = manifest
    this.engine = engine
  }

  static async open(model: LoadedModel, options: EngineOptions): Promise<Result<EnvironmentModel, ModelError>> {
    const { manifest } = model
    if (manifest.task !== 'environment')
      return err({ code: 'wrongTask', message: `${manifest.name} does ${manifest.task}` })
    const { input } = manifest
    const fits =
      input.stepMs === environmentShape.stepMs &&
      input.steps === environmentShape.steps &&
      input.channels.join() === environmentShape.channels.join()
    if (!fits)
      return err({ code: 'badManifest', message: `${manifest.name}: other channels or steps than the product's` })
    const size = input.shape.reduce((a, b) => a * b)
    const sample = { [input.name]: { data: new Float32Array(size), dims: input.shape } }
    const engine = await Engine.open(model.weights, sample, options)
    return engine.ok ? ok(new EnvironmentModel(manifest, engine.value)) : engine
  }

  /** Undefined where the zone has no reading that reaches the present. */
  async judge(window: EnvironmentWindow): Promise<EnvironmentVerdict | undefined> {
    const data = environmentTensor(window)
    if (!data) return undefined
    const { input, output } = this.manifest
    const outputs = await this.engine.run({ [input.name]: { data, dims: input.shape } })
    const [occupied, fireLike] = outputs[output.name]?.data ?? []
    if (occupied === undefined || fireLike === undefined)
      throw new Error(`model ${this.manifest.name} has no output ${output.name} of two values`)
    return { zoneId: window.zoneId, atMs: window.atMs, occupied, fireLike, engine: this.engine.kind }
  }

  dispose(): Promise<void> {
    return this.engine.dispose()
  }
}
