/** WebRTC by WHEP (draft-ietf-wish-whep): one POST with an offer, one answer, then the picture comes by itself. */
import type { CameraFault, CameraSource } from '../../contract/camera.ts'
import { shownUrl } from '../../contract/camera-address.ts'
import { Disposables } from '../../platform/disposables.ts'
import { err, ok, type Result } from '../../platform/result.ts'
import { boundedBody, type HttpTarget, requestCamera, targetAt } from './http-request.ts'
import type { MediaNeeds } from './media-needs.ts'
import type { RawPicture } from './raw-picture.ts'
import { hiddenVideo, watchVideo } from './video-frames.ts'

/** Not all ways out of a network answer; what was found until then is offered. */
const gatherMs = 2000
const maxAnswerBytes = 64 * 1024

export function whepSource(target: HttpTarget, needs: MediaNeeds): CameraSource<RawPicture> {
  return {
    open(sink) {
      const open = new Disposables()
      const abort = new AbortController()
      open.add(() => abort.abort())
      if (typeof RTCPeerConnection === 'undefined') {
        sink.failed({ code: 'camera.unsupported', detail: 'RTCPeerConnection' })
        return open
      }
      const peer = new RTCPeerConnection()
      open.add(() => peer.close())
      const video = hiddenVideo()
      open.add(watchVideo(video, needs, sink))
      const receives = peer.addTransceiver('video', { direction: 'recvonly' })
      peer.addEventListener('track', ({ track }) => {
        video.srcObject = new MediaStream([track])
      })
      peer.addEventListener('connectionstatechange', () => {
        if (peer.connectionState === 'failed' && !open.disposed)
          sink.failed({ code: 'camera.ended', detail: `peer ${peer.connectionState} ${shownUrl(target.url)}` })
      })
      /** Run at once where the source was closed before the server had named its session. */
      const session = (url: string) =>
        open.add(() => void requestCamera(needs.place, targetAt(target, url), unheard, { method: 'DELETE' }))
      void negotiate(peer, target, needs, abort.signal, session).then((answered) => {
        if (open.disposed) return
        if (!answered.ok) sink.failed(answered.error)
        // The server took part, but sends no picture in a coding that was offered.
        else if (receives.currentDirection !== 'recvonly')
          sink.failed({ code: 'camera.codec', detail: `no video ${shownUrl(target.url)}` })
      })
      return open
    },
  }
}

const unheard = new AbortController().signal

/** `session` hears the address at which the session is ended, if the server names one. */
async function negotiate(
  peer: RTCPeerConnection,
  target: HttpTarget,
  { clock, place }: MediaNeeds,
  signal: AbortSignal,
  session: (url: string) => void,
): Promise<Result<void, CameraFault>> {
  const detail = shownUrl(target.url)
  try {
    await peer.setLocalDescription(await peer.createOffer())
    await new Promise<void>((resolve) => {
      if (peer.iceGatheringState === 'complete') return resolve()
      const cancel = clock.after(gatherMs, resolve)
      signal.addEventListener('abort', () => {
        cancel()
        resolve()
      })
      peer.addEventListener('icegatheringstatechange', () => {
        if (peer.iceGatheringState !== 'complete') return
        cancel()
        resolve()
      })
    })
    const body = peer.localDescription?.sdp ?? ''
    const headers = { 'content-type': 'application/sdp' }
    const answer = await requestCamera(place, target, signal, { method: 'POST', headers, body })
    if (!answer.ok) return answer
    const location = answer.value.headers.get('location')
    // A redirect may have led to another server; the session is there.
    const answeredBy = answer.value.url || target.url
    if (location !== null && URL.canParse(location, answeredBy)) session(new URL(location, answeredBy).href)
    const sdp = await boundedBody(answer.value, maxAnswerBytes)
    if (!sdp) return err({ code: 'camera.wrongType', detail })
    await peer.setRemoteDescription({ type: 'answer', sdp: new TextDecoder().decode(sdp) })
    return ok(undefined)
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 120) : ''
    return err({ code: 'camera.wrongType', detail: `${why} ${detail}` })
  }
}
