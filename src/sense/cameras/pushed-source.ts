import type { CameraSink, CameraSource } from '../../contract/camera.ts'

/** Pictures that come by themselves, over a connection somebody else keeps: JPEG over MQTT. */
export class PushedSource<P> implements CameraSource<P> {
  #sink: CameraSink<P> | undefined
  readonly #release: (picture: P) => void

  constructor(release: (picture: P) => void) {
    this.#release = release
  }

  open(sink: CameraSink<P>): { dispose(): void } {
    this.#sink = sink
    return {
      dispose: () => {
        if (this.#sink === sink) this.#sink = undefined
      },
    }
  }

  push(picture: P): void {
    if (this.#sink) this.#sink.picture(picture)
    else this.#release(picture)
  }
}
