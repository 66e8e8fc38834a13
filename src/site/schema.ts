/**
 * The site file: a park as data. Local frame: metres, x east, y north, z up, origin at `geo`. Headings are
 * degrees clockwise from north. Polygons are simple, without a repeated last point, counter-clockwise.
 */
import * as v from 'valibot'
import { localText, pointDescriptor } from '../contract/messages.ts'

/** Not `constructor`, which every object has without being given it. */
const id = v.pipe(
  v.string(),
  v.regex(/^(?!constructor$)[a-z0-9][a-z0-9._-]{0,63}$/, 'must be an id: a-z 0-9 . _ - (64 at most)'),
)
const metres = v.pipe(v.number(), v.minValue(-20_000), v.maxValue(20_000))
const positive = v.pipe(v.number(), v.minValue(0), v.maxValue(1_000_000))
/** Also refuses the infinity that `1e999` becomes. */
const degrees = v.pipe(v.number(), v.minValue(-3600), v.maxValue(3600))
const factor = v.pipe(v.number(), v.minValue(-1_000_000_000), v.maxValue(1_000_000_000))
const hour = v.pipe(v.number(), v.minValue(0), v.maxValue(24))
const weekdays = v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(7))), v.maxLength(7))
const point2 = v.tuple([metres, metres])
const point3 = v.tuple([metres, metres, metres])
const polygon = v.pipe(v.array(point2), v.minLength(3, 'a polygon has at least 3 corners'), v.maxLength(512))
const line = v.pipe(v.array(point2), v.minLength(2), v.maxLength(512))
const many = <S extends v.GenericSchema>(schema: S, most: number) =>
  v.optional(v.pipe(v.array(schema), v.maxLength(most)), [])

export const zoneKinds = [
  'office',
  'meeting',
  'lab',
  'canteen',
  'kitchen',
  'storage',
  'dock',
  'parking',
  'plant',
  'corridor',
  'lobby',
  'server',
  'outdoor',
  'production',
  'hazard',
  'shop',
  'home',
] as const

export const zone = v.object({
  id,
  name: localText,
  kind: v.picklist(zoneKinds),
  building: v.optional(id),
  storey: v.optional(id),
  polygon,
  floorM: v.optional(metres, 0),
  heightM: v.optional(positive, 3.2),
  /** Who may be here; `restricted` zones raise an incident outside `hours`. */
  access: v.optional(v.picklist(['public', 'staff', 'restricted']), 'staff'),
  /** Local hours of ordinary use, weekdays 1 (Monday) … 7. */
  hours: v.optional(
    v.object({
      fromH: hour,
      toH: hour,
      days: weekdays,
    }),
  ),
  /** People at full use. */
  capacity: v.optional(positive, 0),
  /** Conditioned zones take part in the thermal model. */
  conditioned: v.optional(v.boolean(), false),
})
export type Zone = v.InferOutput<typeof zone>

export const storey = v.object({ id, name: localText, baseM: metres, heightM: positive })

export const buildingUses = [
  'office',
  'lab',
  'canteen',
  'warehouse',
  'carpark',
  'energy',
  'production',
  'gatehouse',
  'residential',
] as const

export const building = v.object({
  id,
  name: localText,
  use: v.picklist(buildingUses),
  footprint: polygon,
  baseM: v.optional(metres, 0),
  storeys: v.pipe(v.array(storey), v.minLength(1), v.maxLength(120)),
  facade: v.optional(
    v.object({
      style: v.optional(v.picklist(['curtain', 'punched', 'ribbon', 'panel', 'open']), 'punched'),
      /** `#rrggbb` */
      color: v.optional(v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/i))),
      glazing: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 0.4),
    }),
    {},
  ),
  roof: v.optional(
    v.object({
      style: v.optional(v.picklist(['flat', 'sawtooth', 'gable', 'open']), 'flat'),
      parapetM: v.optional(positive, 0.6),
    }),
    {},
  ),
  /** Id of a model that stands for it, on the middle of its footprint; that and the storeys still say where its rooms are. */
  model: v.optional(id),
})
export type Building = v.InferOutput<typeof building>

const pointSet = v.object({ id, points: v.pipe(v.array(pointDescriptor), v.maxLength(256)) })

export const equipment = v.object({
  id,
  name: localText,
  /** Brick class. */
  class: v.pipe(v.string(), v.maxLength(64)),
  zone: v.optional(id),
  building: v.optional(id),
  at: point3,
  headingDeg: v.optional(degrees, 0),
  points: v.optional(v.pipe(v.array(pointDescriptor), v.maxLength(256)), []),
  /** Named points that this device shares with others; they come before its own. */
  pointSet: v.optional(id),
  /** The meter that counts this one's electricity. */
  meteredBy: v.optional(id),
  /** Zones this plant serves or lights. */
  serves: v.optional(v.pipe(v.array(id), v.maxLength(256))),
  /** Nameplate figures for the simulator and the optimiser, by name with unit, e.g. `ratedKw`, `capacityKwh`, `areaM2`, `cop`. */
  ratings: v.optional(v.record(v.pipe(v.string(), v.maxLength(40)), factor)),
  /** Id of a model that stands for it. */
  model: v.optional(id),
})
export type Equipment = v.InferOutput<typeof equipment>

/**
 * What a model may weigh, and all models of a site together; beyond, none is loaded and a plain solid stands in. Pictures
 * of base colours are shrunk and baked into corners; they may add triangles, within the model's own budget.
 */
export const modelBudget = {
  bytes: 4 * 1024 * 1024,
  triangles: 150_000,
  siteTriangles: 1_500_000,
  pictureSourcePx: 4096,
  picturePx: 512,
  pictureTriangles: 40_000,
} as const

export const siteModel = v.object({
  id,
  /** A GLB (glTF 2.0, binary), relative to the page or http(s). At most 4 MiB and 150 000 triangles. */
  url: v.pipe(v.string(), v.minLength(1), v.maxLength(500)),
  /** Of its bytes; one that differs is not shown. */
  sha256: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits'))),
  /** Metres in one unit of the model; y is up in glTF. */
  scale: v.optional(v.pipe(v.number(), v.minValue(0.0001), v.maxValue(10_000)), 1),
  /** Turned clockwise by this before it is placed: where the model's −z would look if the thing's heading were north. */
  headingDeg: v.optional(degrees, 0),
  /** Moved by this after scaling: right, forward and up of the device, or east, north and up of the building. */
  offset: v.optional(point3),
})
export type SiteModel = v.InferOutput<typeof siteModel>

/** Hours in which things run by themselves; a word for people and for playbooks, not a controller. */
const schedule = v.object({
  id,
  name: localText,
  zones: v.optional(v.pipe(v.array(id), v.maxLength(2000)), []),
  equipment: v.optional(v.pipe(v.array(id), v.maxLength(2000)), []),
  windows: v.pipe(v.array(v.object({ fromH: hour, toH: hour, days: weekdays })), v.minLength(1), v.maxLength(48)),
  /** Days on which nothing runs, `2026-10-01`. */
  closed: v.optional(v.pipe(v.array(v.pipe(v.string(), v.isoDate())), v.maxLength(400)), []),
})

/** A site's own limits on commands, on top of those that always hold (src/act/interlocks.ts). */
export const siteInterlock = v.variant('type', [
  v.object({
    id,
    type: v.literal('limit'),
    /** Parts of Brick class names, as `Chiller`; all devices where missing. */
    classes: v.optional(v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(64))), v.maxLength(32))),
    /** Kind of point. */
    kind: v.pipe(v.string(), v.maxLength(40)),
    min: v.optional(factor),
    max: v.optional(factor),
  }),
  v.object({
    id,
    type: v.literal('minimumOffTime'),
    classes: v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(64))), v.minLength(1), v.maxLength(32)),
    offMs: v.pipe(v.number(), v.minValue(0), v.maxValue(86_400_000)),
  }),
])

/** Where simulated people and vehicles come from and what they do there; nothing of it is told to the twin. */
const waypoints = v.pipe(v.array(id), v.minLength(2), v.maxLength(64))
const places = v.pipe(v.array(point2), v.minLength(2), v.maxLength(64))
export const siteLife = v.object({
  /** Nodes of the path graph at which people and vehicles enter and leave. */
  entries: v.optional(
    v.object({ walk: v.pipe(v.array(id), v.maxLength(16)), drive: v.pipe(v.array(id), v.maxLength(16)) }),
  ),
  /** Rounds by car and by bicycle of those who only pass. */
  drives: many(waypoints, 32),
  rides: many(waypoints, 32),
  strolls: many(waypoints, 32),
  /** The guard's round by night. */
  guard: v.optional(waypoints),
  /** Loading berths: a lorry passes the dock node, turns at the other and backs in. */
  berths: many(v.object({ dock: id, turn: id, gate: v.optional(id) }), 32),
  /** Rounds of forklifts, ending where they begin. */
  forklifts: many(v.object({ id, round: places }), 32),
  /** The way of somebody who should not be there. */
  intruder: v.optional(
    v.object({
      wayIn: places,
      rounds: places,
      wayOut: places,
      gate: v.optional(id),
      door: v.optional(id),
      lights: v.optional(id),
      siren: v.optional(id),
    }),
  ),
})
export type SiteLife = v.InferOutput<typeof siteLife>

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1))
export const cameraMask = v.pipe(
  v.array(v.tuple([share, share])),
  v.minLength(3, 'a mask has at least 3 corners'),
  v.maxLength(32),
)

const distortion = v.pipe(v.number(), v.minValue(-100), v.maxValue(100))
const sigma = v.pipe(v.number(), v.minValue(0), v.maxValue(90))

export const camera = v.object({
  /** Also the device id of the camera. */
  id,
  name: localText,
  at: point3,
  headingDeg: degrees,
  /** Downward is negative. */
  pitchDeg: v.pipe(v.number(), v.minValue(-90), v.maxValue(90)),
  rollDeg: v.optional(degrees, 0),
  lens: v.object({
    widthPx: v.pipe(v.number(), v.integer(), v.minValue(64), v.maxValue(7680)),
    heightPx: v.pipe(v.number(), v.integer(), v.minValue(64), v.maxValue(4320)),
    hfovDeg: v.pipe(v.number(), v.minValue(5), v.maxValue(170)),
    /** Brown–Conrady radial terms on normalised coordinates. */
    k1: v.optional(distortion, 0),
    k2: v.optional(distortion, 0),
    /** Tangential terms; 0 where they are missing. */
    p1: v.optional(distortion),
    p2: v.optional(distortion),
  }),
  /** How well the pose is known (σ), as the calibration says; a surveyed pose where it is missing. */
  poseSigma: v.optional(v.object({ positionM: sigma, headingDeg: sigma, pitchDeg: sigma })),
  /** `virtual:` for a rendered one; other sources by address (contract/camera-address.ts). */
  source: v.optional(v.pipe(v.string(), v.maxLength(500)), 'virtual:'),
  fps: v.optional(v.pipe(v.number(), v.minValue(0.1), v.maxValue(60)), 8),
  /** Parts of the picture that nobody may see, blacked out before anything looks at it: polygons of [x, y], as shares of width and height from the upper left. */
  masks: v.optional(v.pipe(v.array(cameraMask), v.maxLength(16))),
  zones: v.optional(v.pipe(v.array(id), v.maxLength(64)), []),
})
export type Camera = v.InferOutput<typeof camera>

export const gate = v.object({
  /** Also the device id. */
  id,
  kind: v.picklist(['door', 'gate', 'barrier', 'rollerDoor']),
  from: point2,
  to: point2,
  heightM: v.optional(positive, 2.1),
  opensInMs: v.optional(positive, 4000),
})
export type Gate = v.InferOutput<typeof gate>

export const pathNode = v.object({ id, at: point2, zone: v.optional(id) })
export const pathEdge = v.object({
  a: id,
  b: id,
  kind: v.picklist(['walk', 'drive', 'both']),
  gate: v.optional(id),
  oneWay: v.optional(v.boolean(), false),
})

const hoursOfDay = v.object({
  fromH: hour,
  toH: hour,
  days: v.optional(v.array(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(7))), [1, 2, 3, 4, 5, 6, 7]),
})
const afterS = (usual: number) => v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(86_400)), usual)
const movingClasses = ['person', 'bicycle', 'car', 'truck', 'forklift'] as const

/** What cameras watch for beyond access and hours of zones; all on the ground. */
export const siteRules = v.object({
  lines: many(
    v.object({
      id,
      name: v.optional(localText),
      from: point2,
      to: point2,
      /** Seen by somebody who stands at `from` and looks to `to`. */
      forbidden: v.optional(v.picklist(['leftToRight', 'rightToLeft', 'both']), 'both'),
      classes: v.optional(v.array(v.picklist(movingClasses)), [...movingClasses]),
    }),
    500,
  ),
  /** People who stay longer loiter. */
  dwell: many(v.object({ zone: id, afterS: afterS(120) }), 500),
  /** So many people or more at once are a crowd; zones with a `capacity` have that limit without a rule. */
  crowds: many(v.object({ zone: id, people: v.pipe(v.number(), v.integer(), v.minValue(1)), afterS: afterS(10) }), 500),
  /** Where somebody must be. */
  posts: many(
    v.object({
      zone: id,
      people: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 1),
      afterS: afterS(180),
      hours: v.optional(hoursOfDay),
    }),
    200,
  ),
  /** Where vehicles may or may not stand; carriageways are forbidden without a rule, bays always allowed. */
  parking: many(v.object({ zone: id, allowed: v.optional(v.boolean(), false), afterS: afterS(60) }), 500),
  /** Bicycles and forklifts that stand with nobody near. */
  leftObjects: many(v.object({ zone: id, afterS: afterS(120) }), 500),
})
export type SiteRules = v.InferOutput<typeof siteRules>

export const tariffBand = v.object({
  name: v.picklist(['peak', 'flat', 'valley', 'sharp']),
  pricePerKwh: positive,
  /** Local hours [from, to) on the given weekdays (1 Monday … 7); the first band that fits counts. */
  windows: v.pipe(
    v.array(v.object({ fromH: hour, toH: hour, days: v.optional(weekdays, [1, 2, 3, 4, 5, 6, 7]) })),
    v.maxLength(48),
  ),
})

export const siteFile = v.object({
  format: v.literal('parkloop-site'),
  version: v.literal(1),
  id,
  name: localText,
  geo: v.object({
    latitudeDeg: v.pipe(v.number(), v.minValue(-90), v.maxValue(90)),
    longitudeDeg: v.pipe(v.number(), v.minValue(-180), v.maxValue(180)),
    elevationM: v.optional(metres, 0),
    /** Offset of local time from UTC. Sites with daylight saving name `timeZone` (IANA) as well: then its rules say, at each time, what the offset is, on entry and when it changes (time-zone.ts). `UTC` leaves this one as it is. */
    utcOffsetMinutes: v.pipe(v.number(), v.integer(), v.minValue(-720), v.maxValue(840)),
    timeZone: v.optional(v.pipe(v.string(), v.maxLength(64)), 'UTC'),
    /** Where the local y axis points, clockwise from true north; true north where missing. */
    headingDeg: v.optional(degrees),
  }),
  ground: v.object({
    boundary: polygon,
    roads: many(
      v.object({
        id,
        name: v.optional(localText),
        centreline: line,
        widthM: positive,
        lanes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(12)), 2),
        marked: v.optional(v.boolean(), true),
      }),
      5000,
    ),
    pavements: many(v.object({ id, polygon }), 20_000),
    parking: many(
      v.object({
        id,
        /** Middle of the row; bays stand side by side across `headingDeg`, the way a parked nose points. */
        at: point2,
        headingDeg: degrees,
        bays: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(400)),
        bayWidthM: v.optional(positive, 2.5),
        bayDepthM: v.optional(positive, 5.2),
      }),
      2000,
    ),
    lawns: many(v.object({ id, polygon }), 10_000),
    water: many(v.object({ id, polygon }), 200),
    trees: many(
      v.object({
        at: point2,
        heightM: v.optional(positive, 7),
        species: v.optional(v.picklist(['broadleaf', 'conifer', 'column']), 'broadleaf'),
      }),
      60_000,
    ),
    fences: many(v.object({ id, line, heightM: v.optional(positive, 2) }), 500),
  }),
  buildings: many(building, 2000),
  zones: many(zone, 20_000),
  /** Lists of points that many devices share, said once. */
  pointSets: v.optional(v.pipe(v.array(pointSet), v.maxLength(500))),
  equipment: many(equipment, 60_000),
  cameras: many(camera, 500),
  gates: many(gate, 5000),
  paths: v.optional(
    v.object({
      nodes: v.pipe(v.array(pathNode), v.maxLength(20_000)),
      edges: v.pipe(v.array(pathEdge), v.maxLength(40_000)),
    }),
    { nodes: [], edges: [] },
  ),
  rules: v.optional(siteRules, {}),
  models: v.optional(v.pipe(v.array(siteModel), v.maxLength(200))),
  schedules: v.optional(v.pipe(v.array(schedule), v.maxLength(200))),
  interlocks: v.optional(v.pipe(v.array(siteInterlock), v.maxLength(100))),
  life: v.optional(siteLife),
  tariff: v.object({
    currency: v.pipe(v.string(), v.maxLength(8)),
    bands: v.pipe(v.array(tariffBand), v.minLength(1), v.maxLength(8)),
    demandPerKwMonth: v.optional(positive, 0),
    /** Agreed demand at the site meter. */
    demandLimitKw: v.optional(positive, 0),
    exportPerKwh: v.optional(positive, 0),
  }),
  comfort: v.optional(
    v.object({
      heatC: v.optional(factor, 20),
      coolC: v.optional(factor, 26),
      co2Ppm: v.optional(positive, 1000),
      pm25: v.optional(positive, 75),
    }),
    {},
  ),
  /** Automation the site allows; anything else asks a person. */
  policies: v.optional(
    v.object({
      /** Playbooks whose plans run without approval. */
      automatic: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(64))), v.maxLength(64)), []),
      commandTtlMs: v.optional(v.pipe(v.number(), v.minValue(1000), v.maxValue(600_000)), 15_000),
    }),
    {},
  ),
})
export type SiteFile = v.InferOutput<typeof siteFile>
