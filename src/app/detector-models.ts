/** The people's hand on the video model: imports go through the worker's checks, and the one in use is remembered. */
import type {
  InspectedDetector,
  ModelAnswer,
  ModelControls,
  ModelFault,
  ModelSourceFile,
  TriedDetector,
} from '../contract/model-port.ts'
import type { Inference, InferenceCommand } from '../infer/inference.ts'
import { type Disposable, Disposables } from '../platform/disposables.ts'
import { Emitter } from '../platform/emitter.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { fetchModel, readModelFiles, withStated } from './fetch-model.ts'
import { forgetModel, keepModel, recallModel } from './model-memory.ts'

type Question = Extract<InferenceCommand, { readonly requestId: number }>
type Unasked<T> = T extends Question ? Omit<T, 'requestId'> : never

export interface DetectorModelsOptions {
  readonly inference: Inference
  /** Folder of the shipped detector. */
  readonly shippedUrl: string
  /** A remembered model that no longer opens; the shipped one runs. */
  readonly refused: (fault: ModelFault) => void
}

export class DetectorModels implements ModelControls, Disposable {
  readonly #o: DetectorModelsOptions
  readonly #open = new Disposables()
  readonly #changed = new Emitter<void>()
  readonly #waiting = new Map<number, (answer: ModelAnswer) => void>()
  #requestId = 0
  #imported: string | undefined

  constructor(options: DetectorModelsOptions) {
    this.#o = options
    this.#open.add(
      options.inference.subscribe((event) => {
        if (event.type !== 'answer') return
        this.#waiting.get(event.requestId)?.(event.answer)
        this.#waiting.delete(event.requestId)
      }),
    )
    void this.#recall()
  }

  imported(): string | undefined {
    return this.#imported
  }

  onImported(listener: () => void): () => void {
    return this.#changed.subscribe(listener)
  }

  async read(files: readonly File[], sha256: string): Promise<Result<ModelSourceFile, ModelFault>> {
    const read = await readModelFiles(files)
    return read.ok ? ok(withStated(read.value, sha256)) : read
  }

  fetch(
    url: string,
    sha256: string,
    progress: (doneBytes: number, share: number | undefined) => void,
  ): Promise<Result<ModelSourceFile, ModelFault>> {
    return fetchModel(url, sha256, progress)
  }

  inspect(model: ModelSourceFile): Promise<Result<InspectedDetector, ModelFault>> {
    return this.#ask({ type: 'inspectDetector', model })
  }

  tryOut(source: ModelSourceFile, manifestText: string): Promise<Result<TriedDetector, ModelFault>> {
    return this.#ask({ type: 'tryDetector', model: { ...source, manifestText }, keep: false })
  }

  async use(source: ModelSourceFile, manifestText: string): Promise<Result<TriedDetector, ModelFault>> {
    const model = { ...source, manifestText }
    const tried = await this.#ask<TriedDetector>({ type: 'tryDetector', model, keep: true })
    if (!tried.ok) return tried
    this.#note(source.name)
    await keepModel({ name: source.name, manifestText, weights: new Blob([source.weights]) })
    return tried
  }

  returnToShipped(): void {
    this.#note(undefined)
    void forgetModel()
    this.#o.inference.send({ type: 'open', folders: { detection: this.#o.shippedUrl } })
  }

  dispose(): void {
    this.#open.dispose()
    for (const answer of this.#waiting.values()) answer(err({ code: 'engineFailed', message: 'the page is closing' }))
    this.#waiting.clear()
  }

  #note(name: string | undefined): void {
    this.#imported = name
    this.#changed.emit()
  }

  async #recall(): Promise<void> {
    const kept = await recallModel()
    if (!kept || this.#open.disposed) return
    const weights = new Uint8Array(await kept.weights.arrayBuffer())
    const model = { name: kept.name, weights, manifestText: kept.manifestText }
    const tried = await this.#ask<TriedDetector>({ type: 'tryDetector', model, keep: true })
    if (tried.ok) this.#note(kept.name)
    else this.#o.refused(tried.error)
  }

  /** The worker answers each kind of question with its kind of answer. */
  #ask<T extends InspectedDetector | TriedDetector>(question: Unasked<Question>): Promise<Result<T, ModelFault>> {
    const requestId = ++this.#requestId
    return new Promise((resolve) => {
      this.#waiting.set(requestId, (answer) => resolve(answer as Result<T, ModelFault>))
      this.#o.inference.send({ ...question, requestId })
    })
  }
}
