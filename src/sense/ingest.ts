import type * as v from 'valibot'
import { qualityCode } from '../contract/bus.ts'
import { incident, plan } from '../contract/decision.ts'
import { type CodecError, decodeJson, maxPayloadBytes } from '../contract/decode.ts'
import {
  type Availability,
  ackMessage,
  auditMessage,
  birthMessage,
  clockMessage,
  controllerMessage,
  observationMessage,
  type PointValue,
  type ProfileMessage,
  profileMessage,
  type Reading,
  type SiteReference,
  type StateMessage,
  siteReference,
  stateMessage,
  telemetryMessage,
} from '../contract/messages.ts'
import { numericFromValue } from '../contract/point-values.ts'
import { type SimWorldMessage, simWorldMessage } from '../contract/sim-world.ts'
import { type DeviceChannel, type ParsedTopic, parseTopic } from '../contract/topics.ts'
import type { FaultReport } from '../platform/faults.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { loadSite } from '../site/load.ts'
import type { ParkEvent } from '../site/park-bus.ts'
import { type KnownDevice, mostDevices, mostPoints, PointDirectory } from './point-directory.ts'
import type { FetchSite } from './site-fetch.ts'
import { readingsOf } from './telemetry-check.ts'
import { UnbornMessages } from './unborn-messages.ts'

export interface IngestSinks {
  readonly emit: (event: ParkEvent) => void
  /** `device` is a number that stands for the sender. */
  readonly row: (index: number, value: number, atMs: number, quality: number, device: number) => void
  /** `report` is only called when the fault is let through. `lasts`: nothing more is heard of it while it is so. */
  readonly fault: (key: string, report: () => FaultReport, lasts: boolean) => void
  /** What that fault spoke of came again, and was right. */
  readonly mended?: (key: string) => void
  /** The newest stamp of a live report. */
  readonly stamp?: (device: string, atMs: number) => void
  /** Gets site files that are only pointed at. */
  readonly fetchSite: FetchSite
  /** Ground truth for virtual cameras; absent where nobody asked for it. */
  readonly world?: (world: SimWorldMessage) => void
}

const topicCacheSize = 100_000
/** A message that points at a site file is short. */
const maxReferenceBytes = 4096
/** Far more than there are faults told of: one whose topic is forgotten never ends as long as it lasts. */
const mostBadTopics = topicCacheSize
const textDecoder = new TextDecoder('utf-8', { fatal: true })

/** Bytes from the wire to checked events and rows. Never throws on what others sent; counts it instead. */
export class Ingest {
  readonly directory = new PointDirectory()
  messagesTotal = 0
  readingsTotal = 0
  bytesTotal = 0
  invalidTotal = 0
  readonly #sinks: IngestSinks
  readonly #topics = new Map<string, ParsedTopic | null>()
  readonly #unborn = new UnbornMessages()
  readonly #badTopics = new Set<string>()
  #sitePayload: Uint8Array | undefined
  #isFull = false

  readonly #emit: (event: ParkEvent) => undefined

  constructor(sinks: IngestSinks) {
    this.#sinks = sinks
    this.#emit = (event) => void sinks.emit(event)
  }

  /** Messages dropped because their device was not born yet and too many were waiting. */
  get droppedTotal(): number {
    return this.#unborn.droppedTotal
  }

  /** `isKept`: the broker had it before this console asked. */
  handle(topic: string, payload: Uint8Array, isKept = false): void {
    this.messagesTotal++
    this.bytesTotal += payload.byteLength
    const parsed = this.parse(topic)
    if (!parsed) return this.#invalid(topic, { code: 'invalid', path: '', message: 'not a topic of this contract' })
    const outcome =
      parsed.kind === 'device'
        ? this.#device(topic, parsed.device, parsed.channel, payload, isKept)
        : this.#other(topic, parsed, payload)
    if (outcome) this.#invalid(topic, outcome, isKept || isRetained(parsed))
    else if (this.#badTopics.size > 0 && this.#badTopics.delete(topic)) this.#sinks.mended?.(faultKey(topic))
  }

  /** One picture for each of these cameras, on whatever topic it came. */
  picture(topic: string, cameras: readonly string[], payload: Uint8Array): void {
    this.messagesTotal++
    this.bytesTotal += payload.byteLength
    if (payload.byteLength === 0) return
    for (const camera of cameras) {
      const problem = this.#frame(camera, topic, payload)
      if (problem) this.#invalid(topic, problem)
    }
  }

  /** With a new connection the broker tells again all that it keeps. */
  heardAnew(): void {
    this.directory.forgetRefused()
    this.#isFull = false
  }

  parse(topic: string): ParsedTopic | undefined {
    const known = this.#topics.get(topic)
    if (known !== undefined) return known ?? undefined
    if (this.#topics.size >= topicCacheSize) this.#topics.clear()
    const parsed = parseTopic(topic)
    this.#topics.set(topic, parsed ?? null)
    return parsed
  }

  #device(
    topic: string,
    device: string,
    channel: DeviceChannel,
    payload: Uint8Array,
    isKept: boolean,
  ): CodecError | undefined {
    const emit = this.#emit
    // As below: taken back, with a birth the device itself.
    if (payload.byteLength === 0) return channel === 'birth' ? this.#gone(device) : undefined
    switch (channel) {
      case 'telemetry':
        return this.#telemetry(device, payload, isKept)
      case 'state':
        return this.#decoded(stateMessage, payload, (state) => {
          emit({ type: 'state', device, state })
          return this.#state(device, state)
        })
      case 'ack':
        return this.#decoded(ackMessage, payload, (ack) => emit({ type: 'ack', device, ack }))
      case 'birth':
        return this.#birth(topic, device, payload)
      case 'availability':
        return this.#availability(device, payload)
      case 'profile':
        return this.#decoded(profileMessage, payload, (profile) => this.#profile(device, profile))
      case 'command':
        return undefined
    }
  }

  #other(name: string, topic: Exclude<ParsedTopic, { kind: 'device' }>, payload: Uint8Array): CodecError | undefined {
    const emit = this.#emit
    const { world } = this.#sinks
    // An empty retained message takes one back; there is nothing to read in it.
    if (payload.byteLength === 0) return undefined
    switch (topic.kind) {
      case 'site':
        return this.#siteFile(name, topic.site, payload)
      case 'clock':
        return this.#decoded(clockMessage, payload, (clock) => emit({ type: 'clock', clock }))
      case 'controller':
        return this.#decoded(controllerMessage, payload, (controller) => emit({ type: 'controller', controller }))
      case 'audit':
        return this.#decoded(auditMessage, payload, (audit) => emit({ type: 'audit', audit }))
      case 'observation':
        return this.#decoded(observationMessage, payload, (observation) => emit({ type: 'observation', observation }))
      case 'alarm':
        return this.#decoded(
          incident,
          payload,
          (value) => misnamed(value.id, topic.id) ?? emit({ type: 'incident', incident: value }),
        )
      case 'plan':
        return this.#decoded(
          plan,
          payload,
          (value) => misnamed(value.id, topic.id) ?? emit({ type: 'plan', plan: value }),
        )
      case 'cameraFrame':
        // A picture that is no longer asked for; those that are come by `picture`.
        return undefined
      case 'simWorld':
        return world && this.#decoded(simWorldMessage, payload, (message) => void world(message))
      case 'scenario':
      case 'simFault':
      case 'watch':
        return undefined
    }
  }

  /** A retained site file comes again with every connection; only a changed one is news. */
  #siteFile(topic: string, id: string, payload: Uint8Array): CodecError | undefined {
    if (this.#sitePayload && sameBytes(this.#sitePayload, payload)) return undefined
    const reference = payload.byteLength <= maxReferenceBytes ? decodeJson(siteReference, payload) : undefined
    const bytes = new Uint8Array(payload)
    if (reference?.ok) {
      this.#sitePayload = bytes
      void this.#fetchSite(topic, id, reference.value, bytes)
      return undefined
    }
    return settle(loadSite(payload, maxPayloadBytes), (site) => {
      const problem = misnamed(site.id, id)
      if (problem) return problem
      this.#sitePayload = bytes
      return this.#emit({ type: 'site', site })
    })
  }

  /** The site in use stays until the new one is whole; a later message outruns one that is still under way. */
  async #fetchSite(topic: string, id: string, reference: SiteReference, payload: Uint8Array): Promise<void> {
    const fetched = await this.#sinks.fetchSite(reference)
    if (this.#sitePayload !== payload) return
    const loaded = fetched.ok ? loadSite(fetched.value) : fetched
    const problem = loaded.ok ? misnamed(loaded.value.id, id) : loaded.error
    if (loaded.ok && !problem) return this.#emit({ type: 'site', site: loaded.value })
    // so that the same message, come again with the next connection, is tried again
    this.#sitePayload = undefined
    if (problem) this.#invalid(topic, problem, true)
  }

  #decoded<S extends v.GenericSchema>(
    schema: S,
    payload: Uint8Array,
    use: (message: v.InferOutput<S>) => CodecError | undefined,
  ): CodecError | undefined {
    return settle(decodeJson(schema, payload), use)
  }

  #frame(camera: string, topic: string, payload: Uint8Array): CodecError | undefined {
    if (payload.byteLength > maxPayloadBytes)
      return { code: 'tooLarge', path: '', message: `${payload.byteLength} bytes, at most ${maxPayloadBytes}` }
    // A copy: the bytes are a window into the link's buffer, and the frame will be transferred.
    this.#sinks.emit({ type: 'cameraFrame', camera, topic, jpeg: new Uint8Array(payload) })
    return undefined
  }

  #birth(topic: string, device: string, payload: Uint8Array): CodecError | undefined {
    return this.#decoded(birthMessage, payload, (birth) => {
      const problem = misnamed(birth.id, device)
      if (problem) return problem
      const known = this.directory.born(birth)
      if (!known) return this.#full()
      this.#roomAgain()
      this.#sinks.emit({ type: 'device', birth, points: known.indices })
      const waiting = this.#unborn.take(device)
      const misfit = waiting?.state && this.#state(device, waiting.state)
      if (misfit) this.#invalid(topic.replace(/birth$/, 'state'), misfit, true)
      if (waiting?.profile) this.#profile(device, waiting.profile)
      // The birth is right even where these are not; telemetry comes again and is judged by itself.
      if (waiting?.readings) this.#rows(known, waiting.readings)
      return undefined
    })
  }

  #gone(device: string): undefined {
    if (this.directory.gone(device)) this.#sinks.emit({ type: 'deviceGone', device })
    this.#roomAgain()
  }

  #roomAgain(): void {
    if (this.#isFull && this.directory.refusedCount === 0) {
      this.#isFull = false
      this.#sinks.mended?.(fullKey)
    }
  }

  #availability(device: string, payload: Uint8Array): CodecError | undefined {
    const word = availabilityWord(payload)
    if (!word) return { code: 'invalid', path: '', message: 'must be online or offline' }
    this.#sinks.emit({ type: 'availability', device, online: word === 'online' })
    return undefined
  }

  #full(): undefined {
    this.#isFull = true
    const detail = () =>
      `${this.directory.refusedCount} births refused; at most ${mostDevices} devices and ${mostPoints} points`
    this.#sinks.fault(fullKey, () => ({ severity: 'warning', code: 'sense.full', detail: detail() }), true)
  }

  #profile(device: string, profile: ProfileMessage): undefined {
    if (this.directory.device(device)) return this.#emit({ type: 'profile', device, profile })
    this.#unborn.keepProfile(device, profile)
  }

  #telemetry(device: string, payload: Uint8Array, isKept: boolean): CodecError | undefined {
    const decoded = decodeTelemetry(payload)
    if (!decoded.ok) return decoded.error
    const known = this.directory.device(device)
    const newest = decoded.value.at(-1)
    if (known && newest && !isKept) this.#sinks.stamp?.(device, newest.at)
    if (known) return this.#rows(known, decoded.value)
    this.#unborn.keepReadings(device, decoded.value)
    return undefined
  }

  #state(device: string, state: StateMessage): CodecError | undefined {
    const known = this.directory.device(device)
    if (known) return this.#rows(known, [state])
    this.#unborn.keepState(device, state)
    return undefined
  }

  #rows(device: KnownDevice, readings: readonly Reading[]): CodecError | undefined {
    let problem: CodecError | undefined
    const sender = device.indices[0] ?? 0
    for (const reading of readings) {
      const { at, values, quality } = reading
      for (const id in values) {
        const point = device.points.get(id)
        if (!point) {
          problem ??= { code: 'invalid', path: `values.${id}`, message: 'is not a point of the birth message' }
          continue
        }
        const value = values[id] as PointValue
        const numeric = numericFromValue(point.descriptor, value)
        if (typeof value === 'string' && Number.isNaN(numeric)) {
          if (point.descriptor.values)
            problem ??= { code: 'invalid', path: `values.${id}`, message: `“${value}” is not one of its words` }
          else this.#sinks.emit({ type: 'text', device: device.id, point: id, value, atMs: at })
          continue
        }
        this.readingsTotal++
        this.#sinks.row(point.index, numeric, at, qualityCode[quality?.[id] ?? 'good'], sender)
      }
    }
    return problem
  }

  #invalid(topic: string, error: CodecError, lasts = false): void {
    this.invalidTotal++
    this.#badTopics.add(topic)
    const [oldest] = this.#badTopics
    if (this.#badTopics.size > mostBadTopics && oldest !== undefined) this.#badTopics.delete(oldest)
    const detail = (error.path === '' ? error.message : `${error.path}: ${error.message}`).slice(0, 300)
    this.#sinks.fault(faultKey(topic), () => ({ severity: 'warning', code: `codec.${error.code}`, detail }), lasts)
  }
}

const fullKey = 'sense:full'
const passing: ReadonlySet<string> = new Set(['telemetry', 'ack', 'command', 'observation', 'audit', 'simWorld'])

/** What the contract keeps at the broker: a live message of it comes once, and then stands there. */
function isRetained(topic: ParsedTopic): boolean {
  return !passing.has(topic.kind === 'device' ? topic.channel : topic.kind)
}

function faultKey(topic: string): string {
  return `codec:${(topic.split('/').slice(3).join('/') || topic).slice(0, 200)}`
}

/** What stands under another name than its own would be taken for something else. */
function misnamed(id: string, topicId: string): CodecError | undefined {
  return id === topicId
    ? undefined
    : { code: 'invalid', path: 'id', message: `is “${id}”, the topic says “${topicId}”` }
}

function settle<T>(decoded: Result<T, CodecError>, use: (value: T) => CodecError | undefined): CodecError | undefined {
  return decoded.ok ? use(decoded.value) : decoded.error
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.byteLength !== b.byteLength) return false
  for (let i = 0; i < a.byteLength; i++) if (a[i] !== b[i]) return false
  return true
}

function decodeTelemetry(payload: Uint8Array): Result<readonly Reading[], CodecError> {
  if (payload.byteLength <= maxPayloadBytes) {
    const readings = readingsOf(parseLoosely(payload))
    if (readings) return ok(readings)
  }
  const decoded = decodeJson(telemetryMessage, payload)
  if (!decoded.ok) return err(decoded.error)
  return ok('readings' in decoded.value ? decoded.value.readings : [decoded.value])
}

function parseLoosely(payload: Uint8Array): unknown {
  try {
    return JSON.parse(textDecoder.decode(payload))
  } catch {
    return undefined
  }
}

/** Plain `online`, as any broker's last will and a person at a command line write it, or the same as a JSON string. */
function availabilityWord(payload: Uint8Array): Availability | undefined {
  if (payload.byteLength > 16) return undefined
  const word = String.fromCharCode(...payload)
    .replaceAll('"', '')
    .trim()
  return word === 'online' || word === 'offline' ? word : undefined
}
