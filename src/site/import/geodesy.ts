/**
 * From the coordinates of foreign files to longitude and latitude, and from there to a site's local metres. Formulas of
 * Snyder, "Map Projections: A Working Manual" (USGS PP 1395), of swisstopo and of Schreutelkamp & Strang van Hees (RD New).
 * Shifts between datums are left out: they move a whole site by some hundred metres at most, never its buildings apart.
 */
export interface LonLat {
  readonly lonDeg: number
  readonly latDeg: number
}

export interface Projection {
  readonly epsg: number
  readonly name: string
  /** Metres in one unit of the file's plane coordinates; undefined for degrees. */
  readonly metresPerUnit: number | undefined
  toLonLat(x: number, y: number): LonLat
}

const rad = Math.PI / 180
interface Ellipsoid {
  readonly a: number
  readonly f: number
}
const wgs84: Ellipsoid = { a: 6_378_137, f: 1 / 298.257223563 }
const bessel: Ellipsoid = { a: 6_377_397.155, f: 1 / 299.1528128 }
const airy: Ellipsoid = { a: 6_377_563.396, f: 1 / 299.3249646 }
const international: Ellipsoid = { a: 6_378_388, f: 1 / 297 }
const footM = 0.3048006096012192

/** Metres east and north of an origin; good to centimetres over a few kilometres. */
export function localFrame(origin: LonLat): (at: LonLat) => readonly [eastM: number, northM: number] {
  const e2 = wgs84.f * (2 - wgs84.f)
  const w = Math.sqrt(1 - e2 * Math.sin(origin.latDeg * rad) ** 2)
  const northPerRad = (wgs84.a * (1 - e2)) / w ** 3
  const eastPerRad = (wgs84.a / w) * Math.cos(origin.latDeg * rad)
  return ({ lonDeg, latDeg }) => {
    return [turned(lonDeg - origin.lonDeg) * rad * eastPerRad, (latDeg - origin.latDeg) * rad * northPerRad]
  }
}

/** The middle of places near one another, on whichever side of the date line they lie. */
export function middleOf(places: readonly LonLat[]): LonLat | undefined {
  const [first] = places
  if (!first) return undefined
  const mean = (of: (at: LonLat) => number) => places.reduce((sum, at) => sum + of(at), 0) / places.length
  const lonDeg = first.lonDeg + mean((at) => turned(at.lonDeg - first.lonDeg))
  return { lonDeg: turned(lonDeg), latDeg: mean((at) => at.latDeg) }
}

/** Degrees within half a turn. */
function turned(deg: number): number {
  return deg - 360 * Math.floor((deg + 180) / 360)
}

interface Mercator {
  readonly latDeg?: number
  readonly lonDeg: number
  readonly scale: number
  readonly eastM: number
  readonly northM: number
  readonly on?: Ellipsoid
}

/** Snyder 8-17 … 8-25. */
function transverseMercator({ latDeg = 0, lonDeg, scale, eastM, northM, on = wgs84 }: Mercator) {
  const e2 = on.f * (2 - on.f)
  const ep2 = e2 / (1 - e2)
  const e1 = (1 - Math.sqrt(1 - e2)) / (1 + Math.sqrt(1 - e2))
  const arc = 1 - e2 / 4 - (3 * e2 ** 2) / 64 - (5 * e2 ** 3) / 256
  const meridian = (lat: number) =>
    on.a *
    (arc * lat -
      ((3 * e2) / 8 + (3 * e2 ** 2) / 32 + (45 * e2 ** 3) / 1024) * Math.sin(2 * lat) +
      ((15 * e2 ** 2) / 256 + (45 * e2 ** 3) / 1024) * Math.sin(4 * lat) -
      ((35 * e2 ** 3) / 3072) * Math.sin(6 * lat))
  const m0 = meridian(latDeg * rad)
  return (x: number, y: number): LonLat => {
    const mu = (m0 + (y - northM) / scale) / (on.a * arc)
    const lat1 =
      mu +
      ((3 * e1) / 2 - (27 * e1 ** 3) / 32) * Math.sin(2 * mu) +
      ((21 * e1 ** 2) / 16 - (55 * e1 ** 4) / 32) * Math.sin(4 * mu) +
      ((151 * e1 ** 3) / 96) * Math.sin(6 * mu)
    const [sin, cos, tan] = [Math.sin(lat1), Math.cos(lat1), Math.tan(lat1)]
    const c = ep2 * cos ** 2
    const t = tan ** 2
    const n = on.a / Math.sqrt(1 - e2 * sin ** 2)
    const r = (on.a * (1 - e2)) / (1 - e2 * sin ** 2) ** 1.5
    const d = (x - eastM) / (n * scale)
    const lat =
      lat1 -
      ((n * tan) / r) *
        (d ** 2 / 2 -
          ((5 + 3 * t + 10 * c - 4 * c ** 2 - 9 * ep2) * d ** 4) / 24 +
          ((61 + 90 * t + 298 * c + 45 * t ** 2 - 252 * ep2 - 3 * c ** 2) * d ** 6) / 720)
    const lon =
      (d -
        ((1 + 2 * t + c) * d ** 3) / 6 +
        ((5 - 2 * c + 28 * t - 3 * c ** 2 + 8 * ep2 + 24 * t ** 2) * d ** 5) / 120) /
      cos
    return { lonDeg: lonDeg + lon / rad, latDeg: lat / rad }
  }
}

/** Lambert's conformal cone with two parallels; Snyder 15-9 … 15-11 and 7-9. */
function lambertConic(
  parallels: readonly [number, number],
  origin: LonLat,
  eastM: number,
  northM: number,
  on: Ellipsoid = wgs84,
) {
  const e = Math.sqrt(on.f * (2 - on.f))
  const m = (lat: number) => Math.cos(lat) / Math.sqrt(1 - (e * Math.sin(lat)) ** 2)
  const t = (lat: number) =>
    Math.tan(Math.PI / 4 - lat / 2) / ((1 - e * Math.sin(lat)) / (1 + e * Math.sin(lat))) ** (e / 2)
  const [p1, p2] = [parallels[0] * rad, parallels[1] * rad]
  const n = Math.log(m(p1) / m(p2)) / Math.log(t(p1) / t(p2))
  const f = m(p1) / (n * t(p1) ** n)
  const rho0 = on.a * f * t(origin.latDeg * rad) ** n
  return (x: number, y: number): LonLat => {
    const [dx, dy] = [x - eastM, rho0 - (y - northM)]
    const small = (Math.hypot(dx, dy) / (on.a * f)) ** (1 / n)
    let lat = Math.PI / 2 - 2 * Math.atan(small)
    for (let i = 0; i < 6; i++)
      lat = Math.PI / 2 - 2 * Math.atan(small * ((1 - e * Math.sin(lat)) / (1 + e * Math.sin(lat))) ** (e / 2))
    return { lonDeg: origin.lonDeg + Math.atan2(dx, dy) / n / rad, latDeg: lat / rad }
  }
}

/** swisstopo, "Formulas and constants for the calculation of the Swiss conformal projection", approximate formulas. */
function swiss(falseEastM: number, falseNorthM: number) {
  return (x: number, y: number): LonLat => {
    const [e, n] = [(x - falseEastM) / 1e6, (y - falseNorthM) / 1e6]
    const lon = 2.6779094 + 4.728982 * e + 0.791484 * e * n + 0.1306 * e * n ** 2 - 0.0436 * e ** 3
    const lat = 16.9023892 + 3.238272 * n - 0.270978 * e ** 2 - 0.002528 * n ** 2 - 0.0447 * e ** 2 * n - 0.014 * n ** 3
    return { lonDeg: (lon * 100) / 36, latDeg: (lat * 100) / 36 }
  }
}

/** Terms [east's power, north's power, arc seconds]. */
const rdLat = [
  [0, 1, 3235.65389],
  [2, 0, -32.58297],
  [0, 2, -0.2475],
  [2, 1, -0.84978],
  [0, 3, -0.0655],
  [2, 2, -0.01709],
  [1, 0, -0.00738],
  [4, 0, 0.0053],
  [2, 3, -0.00039],
  [4, 1, 0.00033],
  [1, 1, -0.00012],
] as const
const rdLon = [
  [1, 0, 5260.52916],
  [1, 1, 105.94684],
  [1, 2, 2.45656],
  [3, 0, -0.81885],
  [1, 3, 0.05594],
  [3, 1, -0.05607],
  [0, 1, 0.01199],
  [3, 2, -0.00256],
  [1, 4, 0.00128],
  [0, 2, 0.00022],
  [2, 0, -0.00022],
  [5, 0, 0.00026],
] as const

function rdNew(x: number, y: number): LonLat {
  const [e, n] = [(x - 155_000) / 1e5, (y - 463_000) / 1e5]
  const sum = (terms: readonly (readonly [number, number, number])[]) =>
    terms.reduce((total, [p, q, k]) => total + k * e ** p * n ** q, 0)
  return { lonDeg: 5.38720621 + sum(rdLon) / 3600, latDeg: 52.1551744 + sum(rdLat) / 3600 }
}

function webMercator(x: number, y: number): LonLat {
  return { lonDeg: x / wgs84.a / rad, latDeg: (2 * Math.atan(Math.exp(y / wgs84.a)) - Math.PI / 2) / rad }
}

type Inverse = Projection['toLonLat']
const mercator = transverseMercator
/** Name and inverse by EPSG code; feet where it says so. */
const known: Readonly<Record<number, readonly [name: string, inverse: Inverse, metresPerUnit?: number]>> = {
  28992: ['RD New', rdNew],
  7415: ['RD New + NAP', rdNew],
  2056: ['LV95', swiss(2_600_000, 1_200_000)],
  21781: ['LV03', swiss(600_000, 200_000)],
  3414: [
    'SVY21',
    mercator({ latDeg: 1 + 22 / 60, lonDeg: 103 + 50 / 60, scale: 1, eastM: 28_001.642, northM: 38_744.572 }),
  ],
  27700: [
    'British National Grid',
    mercator({ latDeg: 49, lonDeg: -2, scale: 0.9996012717, eastM: 400_000, northM: -100_000, on: airy }),
  ],
  31256: [
    'MGI / Austria GK East',
    mercator({ lonDeg: 16 + 1 / 3, scale: 1, eastM: 0, northM: -5_000_000, on: bessel }),
  ],
  31255: [
    'MGI / Austria GK Central',
    mercator({ lonDeg: 13 + 1 / 3, scale: 1, eastM: 0, northM: -5_000_000, on: bessel }),
  ],
  2950: ['NAD83(CSRS) / MTM zone 8', mercator({ lonDeg: -73.5, scale: 0.9999, eastM: 304_800, northM: 0 })],
  3067: ['ETRS-TM35FIN', mercator({ lonDeg: 27, scale: 0.9996, eastM: 500_000, northM: 0 })],
  3006: ['SWEREF99 TM', mercator({ lonDeg: 15, scale: 0.9996, eastM: 500_000, northM: 0 })],
  2180: ['ETRS89 / Poland CS92', mercator({ lonDeg: 19, scale: 0.9993, eastM: 500_000, northM: -5_300_000 })],
  3301: ['Estonian 1997', lambertConic([58, 59 + 1 / 3], { lonDeg: 24, latDeg: 57.517553930555 }, 500_000, 6_375_000)],
  2154: ['Lambert-93', lambertConic([44, 49], { lonDeg: 3, latDeg: 46.5 }, 700_000, 6_600_000)],
  31370: [
    'Belgian Lambert 72',
    lambertConic(
      [51.16666723333333, 49.8333339],
      { lonDeg: 4.367486666666666, latDeg: 90 },
      150_000.013,
      5_400_088.438,
      international,
    ),
  ],
  3812: [
    'Belgian Lambert 2008',
    lambertConic([49 + 5 / 6, 51 + 1 / 6], { lonDeg: 4.359215833, latDeg: 50.797815 }, 649_328, 665_262),
  ],
  2263: [
    'NAD83 / New York Long Island (feet)',
    feet(lambertConic([40 + 2 / 3, 41 + 1 / 30], { lonDeg: -74, latDeg: 40 + 1 / 6 }, 300_000, 0)),
    footM,
  ],
  32118: [
    'NAD83 / New York Long Island',
    lambertConic([40 + 2 / 3, 41 + 1 / 30], { lonDeg: -74, latDeg: 40 + 1 / 6 }, 300_000, 0),
  ],
  3857: ['Web Mercator', webMercator],
  2193: ['NZTM', mercator({ lonDeg: 173, scale: 0.9996, eastM: 1_600_000, northM: 10_000_000 })],
  3763: ['Portugal TM06', mercator({ latDeg: 39.668258333, lonDeg: -8.133108333, scale: 1, eastM: 0, northM: 0 })],
  3794: ['Slovenia 1996', mercator({ lonDeg: 15, scale: 0.9999, eastM: 500_000, northM: -5_000_000 })],
  3765: ['HTRS96', mercator({ lonDeg: 16.5, scale: 0.9999, eastM: 500_000, northM: 0 })],
  2326: [
    'Hong Kong 1980',
    mercator({
      latDeg: 22.312133333,
      lonDeg: 114.178555556,
      scale: 1,
      eastM: 836_694.05,
      northM: 819_069.8,
      on: international,
    }),
  ],
  3826: ['TWD97 / TM2', mercator({ lonDeg: 121, scale: 0.9999, eastM: 250_000, northM: 0 })],
  5186: ['Korea 2000 / Central', mercator({ latDeg: 38, lonDeg: 127, scale: 1, eastM: 200_000, northM: 600_000 })],
  5179: [
    'Korea 2000 / Unified',
    mercator({ latDeg: 38, lonDeg: 127.5, scale: 0.9996, eastM: 1_000_000, northM: 2_000_000 }),
  ],
}

function feet(inverse: Inverse): Inverse {
  return (x, y) => inverse(x * footM, y * footM)
}

/** Longitude first, then latitude, as the files hold them. */
const lonFirst = new Set([4326, 4979, 4258, 4937, 4269, 4490, 4283, 7844, 6706, 9518])
/** Compound Japanese systems: latitude first. */
const latFirst = new Set([6697, 6668, 6696])

/** Other numbers of Web Mercator. */
const webMercators = new Set([900913, 3785, 102100, 102113])

/** The projection of an EPSG code; undefined for one that is not in the list. */
export function projectionOf(epsg: number): Projection | undefined {
  if (webMercators.has(epsg)) return projectionOf(3857)
  if (lonFirst.has(epsg))
    return {
      epsg,
      name: 'longitude, latitude',
      metresPerUnit: undefined,
      toLonLat: (x, y) => ({ lonDeg: x, latDeg: y }),
    }
  if (latFirst.has(epsg))
    return {
      epsg,
      name: 'latitude, longitude',
      metresPerUnit: undefined,
      toLonLat: (x, y) => ({ lonDeg: y, latDeg: x }),
    }
  const listed = Object.hasOwn(known, epsg) ? known[epsg] : undefined
  if (listed) return { epsg, name: listed[0], metresPerUnit: listed[2] ?? 1, toLonLat: listed[1] }
  const zone = utmZone(epsg)
  if (!zone) return gaussKrueger(epsg) ?? conicConform(epsg)
  const toLonLat = mercator({
    lonDeg: zone.number * 6 - 183,
    scale: 0.9996,
    eastM: 500_000,
    northM: zone.south ? 10_000_000 : 0,
  })
  return { epsg, name: `UTM zone ${zone.number}${zone.south ? 'S' : 'N'}`, metresPerUnit: 1, toLonLat }
}

/** Strips of three degrees: Germany's on Bessel's ellipsoid, China's with and without the zone before the easting. */
function gaussKrueger(epsg: number): Projection | undefined {
  const strip = (name: string, lonDeg: number, eastM: number, on: Ellipsoid = wgs84): Projection => ({
    epsg,
    name: `${name}, ${lonDeg}° E`,
    metresPerUnit: 1,
    toLonLat: mercator({ lonDeg, scale: 1, eastM, northM: 0, on }),
  })
  const german = epsg - 31_464
  if (german >= 2 && german <= 5) return strip('DHDN Gauss-Krüger', 3 * german, german * 1_000_000 + 500_000, bessel)
  const zone = epsg - 4488
  if (zone >= 25 && zone <= 45) return strip('CGCS2000 Gauss-Krüger', 3 * zone, zone * 1_000_000 + 500_000)
  const plain = epsg - 4509
  if (plain >= 25 && plain <= 45) return strip('CGCS2000 Gauss-Krüger', 3 * plain, 500_000)
  return undefined
}

/** France's nine cones, one for each degree. */
function conicConform(epsg: number): Projection | undefined {
  const latDeg = epsg - 3900
  if (latDeg < 42 || latDeg > 50) return undefined
  const northM = (latDeg - 41) * 1_000_000 + 200_000
  return {
    epsg,
    name: `RGF93 / CC${latDeg}`,
    metresPerUnit: 1,
    toLonLat: lambertConic([latDeg - 0.75, latDeg + 0.75], { lonDeg: 3, latDeg }, 1_700_000, northM),
  }
}

function utmZone(epsg: number): { readonly number: number; readonly south: boolean } | undefined {
  const within = (from: number, first: number, last: number) => epsg >= from + first && epsg <= from + last
  if (within(32_600, 1, 60)) return { number: epsg - 32_600, south: false }
  if (within(32_700, 1, 60)) return { number: epsg - 32_700, south: true }
  if (within(25_800, 28, 38)) return { number: epsg - 25_800, south: false }
  if (within(26_900, 1, 23)) return { number: epsg - 26_900, south: false }
  // Australia's map grid, old and new
  if (within(28_300, 48, 58)) return { number: epsg - 28_300, south: true }
  if (within(7800, 46, 59)) return { number: epsg - 7800, south: true }
  // ETRS89 with a height system of its own, as Norway and German cities publish
  if (epsg >= 5_971 && epsg <= 5_976) return { number: epsg - 5_940, south: false }
  if (epsg >= 5_554 && epsg <= 5_556) return { number: epsg - 5_523, south: false }
  return undefined
}

/**
 * The code in `EPSG:7415`, `urn:ogc:def:crs:EPSG::7415`, `https://www.opengis.net/def/crs/EPSG/0/7415` or a plain `7415`;
 * the first, horizontal one of several. CRS84 is 4326 here.
 */
export function epsgOf(text: string): number | undefined {
  if (/CRS:?:?84|^WGS ?84$/i.test(text)) return 4326
  const code = /(?:EPSG\D*(?:[\d.]+[:/])?|^)(\d{4,6})(?![\d.])/i.exec(text)?.[1]
  return code === undefined ? undefined : Number(code)
}
