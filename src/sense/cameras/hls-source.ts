import type { ErrorData } from 'hls.js'
import workerPath from 'hls.js/dist/hls.worker.js?url'
import type { CameraFault, CameraSink, CameraSource } from '../../contract/camera.ts'
import { shownUrl } from '../../contract/camera-address.ts'
import { Disposables } from '../../platform/disposables.ts'
import { type HttpPlace, type HttpTarget, requestCamera, statusFault, targetAt } from './http-request.ts'
import type { MediaNeeds } from './media-needs.ts'
import { type RawPicture, releasePicture } from './raw-picture.ts'
import { elementFault, hiddenVideo, watchVideo } from './video-frames.ts'

/** HLS through Media Source Extensions; the library is only loaded when a camera needs it. */
export function hlsSource(target: HttpTarget, needs: MediaNeeds): CameraSource<RawPicture> {
  const pulse = new PlaylistPulse()
  return {
    open(sink) {
      const open = new Disposables()
      const video = hiddenVideo()
      video.loop = true
      pulse.connect()
      play(video, target, needs, sink, open, pulse).catch((error: unknown) => {
        // The player itself could not be fetched.
        sink.failed({ code: 'camera.unreachable', detail: String(error).slice(0, 200) })
      })
      return open
    },
  }
}

async function play(
  video: HTMLVideoElement,
  target: HttpTarget,
  needs: MediaNeeds,
  sink: CameraSink<RawPicture>,
  open: Disposables,
  pulse: PlaylistPulse,
): Promise<void> {
  const { url } = target
  const abort = new AbortController()
  open.add(() => abort.abort())
  const { default: Hls } = await import('hls.js/light')
  if (open.disposed) return
  const patience = new SegmentPatience()
  const picture = (raw: RawPicture) => {
    if (pulse.isStale) return releasePicture(raw)
    patience.reset()
    sink.picture(raw)
  }
  open.add(watchVideo(video, needs, { ...sink, picture }))
  const failed = (fault: Promise<CameraFault>) => void fault.then((it) => !open.disposed && sink.failed(it))
  const onError = () => failed(elementFault(video, needs.place, target, abort.signal))
  video.addEventListener('error', onError)
  open.add(() => video.removeEventListener('error', onError))
  const ended = () => sink.failed({ code: 'camera.ended', detail: shownUrl(url) })
  video.addEventListener('ended', ended)
  open.add(() => video.removeEventListener('ended', ended))
  if (!Hls.isSupported()) {
    // Safari on a phone plays HLS itself.
    video.src = url
    return
  }
  const hls = new Hls({
    workerPath,
    // A camera is looked at now: little ahead, nothing behind.
    maxBufferLength: 8,
    maxMaxBufferLength: 16,
    backBufferLength: 0,
    // After a break it goes on where the camera is, not where it was.
    liveSyncDurationCount: 3,
    liveMaxLatencyDurationCount: 8,
    xhrSetup: (xhr, asked) => {
      const { authorization } = targetAt(target, asked)
      if (authorization !== undefined) xhr.setRequestHeader('authorization', authorization)
    },
  })
  open.add(() => hls.destroy())
  hls.on(Hls.Events.MANIFEST_PARSED, (_, { levels }) => {
    hls.autoLevelCapping = smallestSufficient(
      levels.map(({ height }) => height),
      needs.lens.heightPx,
    )
  })
  hls.on(Hls.Events.LEVEL_LOADED, (_, { level, details }) => {
    pulse.note(level, details)
    video.loop = !pulse.isLive
    if (pulse.isOver) ended()
  })
  let codecRefused = false
  hls.on(Hls.Events.BUFFER_CODECS, (_, tracks) => {
    if (!tracks.video && !tracks.audiovideo)
      sink.failed({ code: codecRefused ? 'camera.codec' : 'camera.wrongType', detail: `no picture ${shownUrl(url)}` })
  })
  hls.on(Hls.Events.ERROR, (_, data) => {
    codecRefused ||= data.reason?.startsWith('Unsupported HEVC') === true
    if (data.fatal || patience.endedBy(data))
      failed(hlsFault(data, needs.place, target, abort.signal, patience.pictured))
  })
  hls.loadSource(url)
  hls.attachMedia(video)
}

/** What is needed of a playlist: its newest segment and part by their numbers, and whether more are to come. */
interface PlaylistEnd {
  readonly live: boolean
  readonly endSN: number
  readonly lastPartIndex: number
}

/**
 * Tells a live camera from what one left behind. Where its encoder died the server goes on offering the last playlist, with
 * an end mark or without: from the start of each connection those seconds would be played again, as if they were now.
 */
class PlaylistPulse {
  /** By level: each of a stream's playlists may count for itself. */
  readonly #newest = new Map<number, string>()
  #beats = false
  #ended = false
  #live = false

  connect(): void {
    this.#beats = false
  }

  note(level: number, { live, endSN, lastPartIndex }: PlaylistEnd): void {
    const newest = `${endSN} ${lastPartIndex}`
    // What an encoder writes last comes with the end mark, and would begin from the start.
    this.#beats ||= live && (this.#newest.get(level) ?? newest) !== newest
    this.#newest.set(level, newest)
    this.#live ||= live
    this.#ended = !live
  }

  get isLive(): boolean {
    return this.#live
  }

  /** Nothing new has come since connecting. A film has an end from its beginning and is never stale. */
  get isStale(): boolean {
    return this.#live && !this.#beats
  }

  /** It was live, and nothing new will come. */
  get isOver(): boolean {
    return this.isStale && this.#ended
  }
}

/** The least of the offered picture heights that fills the lens; larger ones would be decoded only to be shrunk. */
export function smallestSufficient(heightsPx: readonly number[], wantedPx: number): number {
  let best = -1
  for (const [at, height] of heightsPx.entries()) {
    const known = best < 0 ? undefined : heightsPx[best]
    if (known === undefined || (known < wantedPx ? height > known : height >= wantedPx && height < known)) best = at
  }
  return best
}

const codecTroubles: readonly string[] = [
  'manifestIncompatibleCodecsError',
  'bufferAddCodecError',
  'bufferIncompatibleCodecsError',
  'keySystemNoKeys',
]

const noPlaylist: readonly string[] = ['manifestParsingError', 'levelParsingError', 'levelEmptyError']

/** What is needed of an error of the player. */
export type HlsTrouble = Pick<ErrorData, 'type' | 'details' | 'url' | 'reason' | 'response'> & {
  readonly frag?: { readonly url?: string }
}

export async function hlsFault(
  data: HlsTrouble,
  place: HttpPlace,
  target: HttpTarget,
  signal: AbortSignal,
  pictured: boolean,
): Promise<CameraFault> {
  const url = data.frag?.url ?? data.url ?? target.url
  const detail = `${data.details} ${shownUrl(url)}`
  if (codecTroubles.includes(data.details) || (!pictured && isWithoutMedia(data)))
    return { code: 'camera.codec', detail }
  if (noPlaylist.includes(data.details)) return { code: 'camera.wrongType', detail }
  if (data.type !== 'networkError') return { code: 'camera.corruptFrame', detail }
  if (data.details.endsWith('TimeOut')) return { code: 'camera.stalled', detail }
  const status = data.response?.code ?? 0
  if (status >= 400) return { code: statusFault(status), detail: `HTTP ${status} ${shownUrl(url)}` }
  // Refused to this page, or broken off: asked again, the address tells which.
  const asked = await requestCamera(place, targetAt(target, url), signal)
  if (!asked.ok) return asked.error
  void asked.value.body?.cancel()
  return { code: 'camera.ended', detail }
}

/** A segment without a stream that the player knows: pictures of MPEG-2, for one. Later on it is only a broken one. */
const isWithoutMedia = ({ reason }: HlsTrouble) => reason?.startsWith('Found no media') === true
const mostTroubles = 3

/** The player tries segments again for longer than anybody wants to wait for the reason that no picture comes. */
export class SegmentPatience {
  #troubles = 0
  pictured = false

  /** A picture came. */
  reset(): void {
    this.#troubles = 0
    this.pictured = true
  }

  endedBy(data: HlsTrouble): boolean {
    if (/^(frag|key)Load(Error|TimeOut)$/.test(data.details) || isWithoutMedia(data)) this.#troubles++
    return this.#troubles >= mostTroubles
  }
}
