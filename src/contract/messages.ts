/**
 * Every message that crosses the wire, as a schema and its type. Times are epoch milliseconds UTC on the
 * site's clock (see `clock`); units are named by the point's descriptor. `docs/asyncapi.json` publishes the same.
 */
import * as v from 'valibot'

const id = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'must be an id: a-z 0-9 . _ - (64 at most)'))
const finite = v.pipe(v.number(), v.finite())
/** Epoch milliseconds between 2000 and 2100; anything else is a broken clock. */
export const epochMs = v.pipe(v.number(), v.minValue(946_684_800_000), v.maxValue(4_102_444_800_000))
const shortText = v.pipe(v.string(), v.maxLength(200))
/** What rises by one with each change: far from where adding one no longer makes a difference. */
export const serial = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 40))

/** Text for people: one string, or one per language. */
export const localText = v.union([shortText, v.object({ en: shortText, zh: shortText })])
export type LocalText = v.InferOutput<typeof localText>

export const pointValue = v.union([finite, v.boolean(), v.pipe(v.string(), v.maxLength(64))])
export type PointValue = v.InferOutput<typeof pointValue>

export const quality = v.picklist(['good', 'uncertain', 'bad'])
export type Quality = v.InferOutput<typeof quality>

/**
 * What a point measures or sets. Open set on the wire; these are the kinds that models, layers and rules know:
 * temperature humidity co2 pm25 illuminance occupancy motion contact power energy reactivePower soc level
 * setpoint mode onOff dimming position lock flow speed irradiance windSpeed rain cloud smoke siren message price count voltage airflow
 */
export const pointDescriptor = v.object({
  id,
  kind: v.pipe(v.string(), v.maxLength(40)),
  /** UCUM-like symbol as shown to people: `kW`, `°C`, `ppm`, `%`, `` for none. */
  unit: v.pipe(v.string(), v.maxLength(16)),
  name: v.optional(localText),
  min: v.optional(finite),
  max: v.optional(finite),
  writable: v.optional(v.boolean()),
  /** For enumerated points: the accepted words in order. */
  values: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(32))), v.maxLength(32))),
  /** Within how long after an accepted command the reported state is expected to follow. */
  settleMs: v.optional(v.pipe(finite, v.minValue(0), v.maxValue(3_600_000))),
})
export type PointDescriptor = v.InferOutput<typeof pointDescriptor>

export const pose = v.object({
  /** East, north, up in site metres. */
  at: v.tuple([finite, finite, finite]),
  /** Clockwise from north, degrees. */
  headingDeg: v.optional(finite, 0),
})

export const birthMessage = v.object({
  id,
  name: localText,
  /** Brick class, e.g. `Electrical_Meter`, `Chiller`, `AHU`, `CO2_Sensor`, `Luminaire`, `Door`, `Gate`, `Camera`. */
  class: v.pipe(v.string(), v.maxLength(64)),
  zone: v.optional(id),
  pose: v.optional(pose),
  /** The device whose connection carries this one; if the gateway is offline, so is everything behind it. */
  gateway: v.optional(id),
  points: v.pipe(v.array(pointDescriptor), v.maxLength(256)),
  at: epochMs,
})
export type BirthMessage = v.InferOutput<typeof birthMessage>

/** Instead of a site file that is too large for a message: where it lies and what its bytes are. */
export const siteReference = v.strictObject({
  /** Relative to the page, or http(s). */
  url: v.pipe(v.string(), v.minLength(1), v.maxLength(1000)),
  /** Of the file's bytes, lower-case hex. */
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits')),
  /** The site's name, so that it can be listed without fetching the file. */
  name: v.optional(localText),
})
export type SiteReference = v.InferOutput<typeof siteReference>

export const availabilityMessage = v.picklist(['online', 'offline'])
export type Availability = v.InferOutput<typeof availabilityMessage>

const values = v.record(id, pointValue)

export const reading = v.object({ at: epochMs, values, quality: v.optional(v.record(id, quality)) })
export type Reading = v.InferOutput<typeof reading>

/** One reading, or a batch in time order. */
export const telemetryMessage = v.union([
  reading,
  v.object({ readings: v.pipe(v.array(reading), v.maxLength(10_000)) }),
])
export type TelemetryMessage = v.InferOutput<typeof telemetryMessage>

export const profileMessage = v.object({
  point: id,
  intervalMs: v.pipe(finite, v.minValue(1000)),
  /** Start of the first interval. Values are interval means in the point's unit; null where missing. */
  startMs: epochMs,
  values: v.pipe(v.array(v.nullable(finite)), v.maxLength(4096)),
})
export type ProfileMessage = v.InferOutput<typeof profileMessage>

/** Reported state of writable points. `commandId` names the command that caused the change, where one did. */
export const stateMessage = v.object({ at: epochMs, values, commandId: v.optional(id) })
export type StateMessage = v.InferOutput<typeof stateMessage>

export const commandMessage = v.object({
  id,
  point: id,
  value: pointValue,
  issuedAt: epochMs,
  /** A device must ignore a command that arrives later than this. */
  expiresAt: epochMs,
  issuedBy: shortText,
  reason: v.pipe(v.string(), v.maxLength(500)),
  planId: v.optional(id),
})
export type CommandMessage = v.InferOutput<typeof commandMessage>

export const ackMessage = v.object({
  id,
  status: v.picklist(['accepted', 'rejected']),
  at: epochMs,
  error: v.optional(v.pipe(v.string(), v.maxLength(500))),
})
export type AckMessage = v.InferOutput<typeof ackMessage>

/**
 * Simulated time: at the moment of sending it was `siteMs`, running `speed` × wall time. `jump` counts jumps. `story` is
 * the one that is told, null between stories; a simulator that leaves it out does not say.
 */
export const clockMessage = v.object({
  siteMs: epochMs,
  speed: v.pipe(finite, v.minValue(0), v.maxValue(100_000)),
  jump: v.pipe(v.number(), v.integer(), v.minValue(0)),
  story: v.optional(v.nullable(id)),
})
export type ClockMessage = v.InferOutput<typeof clockMessage>

/** Somebody looks at the site. Said every ten seconds or so; silence ends it. */
export const watchMessage = v.object({ console: id })
export type WatchMessage = v.InferOutput<typeof watchMessage>

export const scenarioNames = ['intruder-at-dock', 'room-on-fire', 'chiller-stuck-on', 'hot-afternoon-peak'] as const
export const scenarioMessage = v.object({
  id,
  action: v.picklist(['start', 'stop']),
  scenario: v.picklist(scenarioNames),
})
export type ScenarioMessage = v.InferOutput<typeof scenarioMessage>
export type ScenarioName = (typeof scenarioNames)[number]

/**
 * Ways of a simulated device to misbehave: `mute` answers nothing, `silent` accepts and then says nothing more, `stuck`
 * accepts and reports the old value, `reject` says no; `none` ends it.
 */
export const simFaultMessage = v.object({
  device: id,
  fault: v.picklist(['mute', 'silent', 'stuck', 'reject', 'none']),
})
export type SimFaultMessage = v.InferOutput<typeof simFaultMessage>

/** What a model saw, so that others need not compute it again. */
export const observationMessage = v.object({
  at: epochMs,
  source: id,
  kind: v.picklist(['tracks', 'anomaly', 'environment']),
  model: shortText,
  zone: v.optional(id),
  summary: v.pipe(v.string(), v.maxLength(500)),
  values: v.optional(v.record(v.string(), v.union([finite, v.string(), v.boolean()]))),
})
export type ObservationMessage = v.InferOutput<typeof observationMessage>

export const controllerMessage = v.object({
  holder: id,
  /** Rises by one with every change of hands; the higher fence wins. */
  fence: serial,
  /** Site time after which anybody may take over. */
  deadlineMs: epochMs,
})
export type ControllerMessage = v.InferOutput<typeof controllerMessage>

export const auditMessage = v.object({
  at: epochMs,
  actor: shortText,
  action: v.pipe(v.string(), v.maxLength(80)),
  subject: v.pipe(v.string(), v.maxLength(200)),
  detail: v.pipe(v.string(), v.maxLength(1000)),
})
export type AuditMessage = v.InferOutput<typeof auditMessage>
