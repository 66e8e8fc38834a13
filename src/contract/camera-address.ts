/**
 * Addresses of camera sources, as the site file and people write them: a kind, a colon and what the kind needs, e.g.
 * `virtual:`, `mqtt:`, `mqtt:frigate/dock/person/snapshot`, `mjpeg:https://host/stream`, `whep:https://host/cam/whep`.
 * A bare http(s) address is taken by its ending. Credentials are split off and never shown.
 */
import { err, ok, type Result } from '../platform/result.ts'

/** Kinds that are fetched from an http(s) address. */
export const webCameraKinds = ['mjpeg', 'snapshot', 'hls', 'mp4', 'whep'] as const
export type WebCameraKind = (typeof webCameraKinds)[number]
export const cameraKinds = ['virtual', 'mqtt', ...webCameraKinds, 'file', 'webcam'] as const
export type CameraKind = (typeof cameraKinds)[number]

type WebCameraAddress = {
  readonly [K in WebCameraKind]: {
    readonly kind: K
    /** Without credentials. */
    readonly url: string
    /** Value of the Authorization header (RFC 7617). */
    readonly authorization?: string
  }
}[WebCameraKind]

export type CameraAddress =
  | { readonly kind: 'virtual' }
  /** Without a topic: the camera's own `camera/{id}/frame`. */
  | { readonly kind: 'mqtt'; readonly topic: string | undefined }
  | WebCameraAddress
  /** A file that a person picks; it cannot be named. */
  | { readonly kind: 'file' }
  /** The browser's default camera. */
  | { readonly kind: 'webcam' }

export type CameraAddressError =
  | 'empty'
  | 'tooLong'
  | 'rtsp'
  | 'unknownKind'
  | 'unclear'
  | 'badUrl'
  | 'notHttp'
  | 'badTopic'
  | 'noCredentials'

const longest = 500
const longestTopic = 200

export function parseCameraAddress(text: string): Result<CameraAddress, CameraAddressError> {
  const address = text.trim()
  if (address === '') return err('empty')
  if (address.length > longest) return err('tooLong')
  const colon = address.indexOf(':')
  if (colon < 0) return err('unknownKind')
  const kind = address.slice(0, colon).toLowerCase()
  const rest = address.slice(colon + 1)
  switch (kind) {
    case 'virtual':
    case 'file':
    case 'webcam':
      return rest === '' ? ok({ kind }) : err('unknownKind')
    case 'mqtt':
      return mqttAddress(rest)
    case 'http':
    case 'https':
      return bareAddress(address)
    case 'rtsp':
    case 'rtsps':
      return err('rtsp')
    default: {
      const web = webCameraKinds.find((name) => name === kind)
      return web ? webAddress(web, rest) : err('unknownKind')
    }
  }
}

/**
 * A name to publish to (MQTT 5.0 §4.7): no wildcards, no control characters, no half of a surrogate pair, not the broker's
 * own `$` topics. `mqtt://…` is the address of a broker, and may hold a password.
 */
function mqttAddress(text: string): Result<CameraAddress, CameraAddressError> {
  const topic = text.trim()
  if (topic === '') return ok({ kind: 'mqtt', topic: undefined })
  // The contract's own topics have one meaning each; a picture comes by `mqtt:` alone.
  const named = topic.length <= longestTopic && /^[^$#+\p{Cc}\p{Cs}][^#+\p{Cc}\p{Cs}]*$/u.test(topic)
  const good = named && !topic.startsWith('parkloop/') && !topic.startsWith('//')
  return good ? ok({ kind: 'mqtt', topic }) : err('badTopic')
}

const endings: readonly (readonly [RegExp, WebCameraKind])[] = [
  [/\.m3u8$/i, 'hls'],
  [/\.(mp4|m4v|webm)$/i, 'mp4'],
  [/\.(jpe?g|png)$/i, 'snapshot'],
  [/\.(mjpe?g)$/i, 'mjpeg'],
  [/\/whep$/i, 'whep'],
]

function bareAddress(address: string): Result<CameraAddress, CameraAddressError> {
  if (!URL.canParse(address)) return err('badUrl')
  const { pathname } = new URL(address)
  const known = endings.find(([ending]) => ending.test(pathname))
  return known ? webAddress(known[1], address) : err('unclear')
}

function webAddress(kind: WebCameraKind, text: string): Result<CameraAddress, CameraAddressError> {
  if (!URL.canParse(text)) return err('badUrl')
  const url = new URL(text)
  if (/^rtsps?:$/.test(url.protocol)) return err('rtsp')
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return err('notHttp')
  const { username, password } = url
  url.username = ''
  url.password = ''
  url.hash = ''
  if (username === '' && password === '') return ok({ kind, url: url.href })
  // A media element sends no header of ours, and browsers refuse credentials inside its address.
  if (kind === 'mp4') return err('noCredentials')
  return ok({ kind, url: url.href, authorization: basicAuthorization(username, password) })
}

function basicAuthorization(username: string, password: string): string {
  const bytes = new TextEncoder().encode(`${decoded(username)}:${decoded(password)}`)
  return `Basic ${btoa(String.fromCharCode(...bytes))}`
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** User and password of an address within an address, as proxies of cameras take it. */
const innerCredentials = /\/[^/]*@/g

/** A web address for people: no user, no password, no query values, which often carry a token. */
export function shownUrl(address: string): string {
  if (!URL.canParse(address)) return ''
  const { protocol, host, pathname, search } = new URL(address)
  return `${protocol}//${host}${pathname.replace(innerCredentials, '/…@')}${search === '' ? '' : '?…'}`
}

/** The address for people, with all that could be secret left out. */
export function shownCameraAddress(text: string): string {
  const parsed = parseCameraAddress(text)
  if (!parsed.ok) return ''
  const address = parsed.value
  switch (address.kind) {
    case 'virtual':
    case 'file':
    case 'webcam':
      return `${address.kind}:`
    case 'mqtt':
      return `mqtt:${address.topic ?? ''}`
    default:
      return `${address.kind}:${shownUrl(address.url)}`
  }
}

/** Whether somebody's password or token may stand in it. */
export function holdsSecret(text: string): boolean {
  const parsed = parseCameraAddress(text)
  if (!parsed.ok) return true
  const address = parsed.value
  if (!('url' in address)) return false
  const { search, pathname } = new URL(address.url)
  return address.authorization !== undefined || search !== '' || pathname.includes('@')
}
