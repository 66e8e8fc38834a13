import {
  type BufferAttribute,
  type BufferGeometry,
  Group,
  InstancedBufferAttribute,
  InstancedMesh,
  type Material,
} from 'three'
import { type Cell, cellSizeM, cellsOf, distanceToCell, type Spot } from './cells.ts'
import type { Eye } from './stage-layer.ts'

/** One shape that many instances share, finely and coarsely drawn. */
export interface FlockShape {
  readonly near: BufferGeometry
  /** Largest extent; decides from where on it is drawn coarsely, and where it is no longer drawn. */
  readonly sizeM: number
}

export interface FlockMember extends Spot {
  readonly shape: number
  /** Column-major 4 × 4, as three has it; written for the fine shape. */
  readonly matrix: ArrayLike<number>
  /** For the coarse shape, which all fine shapes share. */
  readonly farMatrix: ArrayLike<number>
  /** The coarse shape's own colour, linear; the fine one brings its own. */
  readonly farColor: readonly [number, number, number]
}

export interface FlockOptions {
  readonly shapes: readonly FlockShape[]
  readonly far: BufferGeometry
  readonly material: Material
  readonly castShadow: boolean
  readonly receiveShadow?: boolean
  /** Leave out cells beside the picture as well: worth its packing only where vertices cost most, on software rasterisers. */
  readonly cull: boolean
  /** Fewer pixels than this and a member is drawn coarsely. */
  readonly farBelowPx: number
  /** Fewer than this and it is not drawn. */
  readonly goneBelowPx: number
}

/** How a group is drawn. */
const [gone, coarse, fine] = [0, 1, 2]

/** A level is left only when the limit is passed by this much, so that cells at a limit do not flicker. */
const hysteresis = 1.12
/** So many changed places are cheaper to upload in one piece. */
const mostRanges = 48
/** Cells are taken for seen a little before they are, since looks lag behind the eye. */
const seenMargin = 1.4
const cellsWanted = 140
const leastCellM = 45

const nobody = new Uint32Array(0)

/** All of one shape in one cell. */
interface FlockGroup {
  readonly cell: number
  readonly shape: number
  readonly members: readonly number[]
}

/** Instances of one shape as they are drawn now, packed at the front of its buffers. */
interface Draw {
  mesh: InstancedMesh | undefined
  geometry: BufferGeometry
  count: number
  /** Who stands at each place. */
  members: Uint32Array
}

/**
 * Many instances of few shapes, spread over the ground. Cells far away are drawn with one coarse shape for all, cells
 * farther still not at all. Where a cell changes its level only its own instances move from one buffer to another, and a
 * colour is written where its instance stands; only what was written is uploaded.
 */
export class InstanceFlock {
  readonly object = new Group()
  readonly #options: FlockOptions
  readonly #shapes: FlockShape[]
  /** One for each shape, and the coarse one last. */
  readonly #draws: Draw[]
  #members: readonly FlockMember[] = []
  #cells: readonly Cell[] = []
  #groups: readonly FlockGroup[] = []
  /** From the eye to each cell; endless where it is not seen. */
  #distanceM = new Float64Array(0)
  #anyway = false
  #levels = new Uint8Array(0)
  #hidden = new Uint8Array(0)
  #colors = new Float32Array(0)
  /** Which draw an instance is in, −1 where in none, and its place there. */
  #drawOf = new Int16Array(0)
  #placeOf = new Uint32Array(0)
  #wanted: Uint32Array
  #stale = true

  constructor(options: FlockOptions) {
    this.#options = options
    this.#shapes = [...options.shapes]
    const geometries = [...options.shapes.map((s) => s.near), options.far]
    this.#draws = geometries.map((geometry) => ({ mesh: undefined, geometry, count: 0, members: nobody }))
    this.#wanted = new Uint32Array(geometries.length)
    this.object.matrixAutoUpdate = false
  }

  get drawnCount(): number {
    return this.#draws.reduce((sum, d) => sum + d.count, 0)
  }

  /** A shape that came later; its number for members. */
  addShape(shape: FlockShape): number {
    this.#shapes.push(shape)
    this.#draws.splice(-1, 0, { mesh: undefined, geometry: shape.near, count: 0, members: nobody })
    this.#wanted = new Uint32Array(this.#draws.length)
    this.#stale = true
    return this.#shapes.length - 1
  }

  setMembers(members: readonly FlockMember[]): void {
    this.#members = members
    this.#cells = gridOf(members)
    this.#groups = groupsOf(members, this.#cells)
    this.#distanceM = new Float64Array(this.#cells.length)
    this.#levels = new Uint8Array(this.#groups.length)
    this.#hidden = new Uint8Array(members.length)
    this.#colors = new Float32Array(members.length * 3).fill(1)
    this.#drawOf = new Int16Array(members.length).fill(-1)
    this.#placeOf = new Uint32Array(members.length)
    this.#stale = true
  }

  hide(member: number, hidden: boolean): void {
    if (this.#hidden[member] === Number(hidden)) return
    this.#hidden[member] = Number(hidden)
    this.#stale = true
  }

  /** Linear colour that the shape's own is multiplied with. */
  setColor(member: number, red: number, green: number, blue: number): boolean {
    const at = member * 3
    const colors = this.#colors
    if (colors[at] === red && colors[at + 1] === green && colors[at + 2] === blue) return false
    colors[at] = red
    colors[at + 1] = green
    colors[at + 2] = blue
    const draw = this.#draws[this.#drawOf[member] ?? -1]
    const attribute = draw?.mesh?.instanceColor
    if (!attribute || this.#stale) return true
    const place = this.#placeOf[member] ?? 0
    this.#writeColor(member, draw === this.#draws.at(-1), attribute.array, place * 3)
    touch(attribute, place, draw?.count ?? 0)
    return true
  }

  /** Returns true when other instances are drawn than before. */
  look(eye: Eye): boolean {
    const { cull } = this.#options
    for (let i = 0; i < this.#cells.length; i++) {
      const cell = this.#cells[i] as Cell
      const seen = !cull || eye.sees(cell.eastM, cell.northM, cell.upM, cell.radiusM * seenMargin)
      this.#distanceM[i] = seen ? Math.max(1, distanceToCell(eye, cell)) : Number.POSITIVE_INFINITY
    }
    let changed = this.#stale
    for (let i = 0; i < this.#groups.length; i++) {
      const group = this.#groups[i] as FlockGroup
      const level = this.#levelFor(eye, group, this.#levels[i] as number)
      if (level === this.#levels[i]) continue
      this.#levels[i] = level
      changed = true
      if (!this.#stale) this.#move(group, this.#drawAt(group, level))
    }
    if (this.#stale) this.#pack()
    else if (changed) for (const draw of this.#draws) show(draw)
    return changed
  }

  #levelFor(eye: Eye, { cell, shape }: FlockGroup, before: number): number {
    const { farBelowPx, goneBelowPx } = this.#options
    const distanceM = this.#distanceM[cell] as number
    if (distanceM === Number.POSITIVE_INFINITY) return gone
    const px = ((this.#shapes[shape] as FlockShape).sizeM * eye.pxPerRad) / distanceM
    if (px >= (before === fine ? farBelowPx / hysteresis : farBelowPx)) return fine
    return this.#anyway || px >= (before === gone ? goneBelowPx : goneBelowPx / hysteresis) ? coarse : gone
  }

  /** Draws what is too small to be seen as well, coarsely: for views in which every member counts. */
  drawAnyway(anyway: boolean): void {
    this.#anyway = anyway
    this.#stale = true
  }

  #drawAt({ shape }: FlockGroup, level: number): number {
    return level === gone ? -1 : level === coarse ? this.#draws.length - 1 : shape
  }

  /** Takes a group out of the buffers it is in and appends it to another's; all is packed anew where that is full. */
  #move({ members }: FlockGroup, drawAt: number): void {
    const draw = this.#draws[drawAt]
    for (const member of members) {
      if (this.#hidden[member]) continue
      this.#takeOut(member)
      if (!draw) continue
      if (draw.count >= draw.members.length) {
        this.#stale = true
        return
      }
      this.#drawOf[member] = drawAt
      this.#placeOf[member] = draw.count
      this.#write(member, this.#draws.length - 1)
      touchAll(draw, draw.count++)
    }
  }

  /** The last in the buffer takes the place that becomes free. */
  #takeOut(member: number): void {
    const draw = this.#draws[this.#drawOf[member] as number]
    this.#drawOf[member] = -1
    if (!draw?.mesh) return
    const place = this.#placeOf[member] as number
    const last = --draw.count
    if (place === last) return
    const other = draw.members[last] as number
    draw.members[place] = other
    this.#placeOf[other] = place
    for (const attribute of [draw.mesh.instanceMatrix, draw.mesh.instanceColor]) {
      const width = attribute?.itemSize ?? 0
      attribute?.array.copyWithin(place * width, last * width, (last + 1) * width)
    }
    touchAll(draw, place)
  }

  #pack(): void {
    this.#stale = false
    const wanted = this.#wanted.fill(0)
    const farDraw = this.#draws.length - 1
    for (const [i, group] of this.#groups.entries()) {
      const drawAt = this.#drawAt(group, this.#levels[i] as number)
      for (const member of group.members) {
        const draw = this.#hidden[member] ? -1 : drawAt
        this.#drawOf[member] = draw
        if (draw >= 0) this.#placeOf[member] = (wanted[draw] as number)++
      }
    }
    for (const [d, draw] of this.#draws.entries()) this.#reserve(draw, wanted[d] as number)
    for (let member = 0; member < this.#members.length; member++) this.#write(member, farDraw)
    for (const [d, draw] of this.#draws.entries()) {
      draw.count = wanted[d] as number
      show(draw)
      for (const attribute of [draw.mesh?.instanceMatrix, draw.mesh?.instanceColor])
        if (attribute) replace(attribute, draw.count)
    }
  }

  #write(member: number, farDraw: number): void {
    const at = this.#drawOf[member] as number
    const draw = this.#draws[at]
    const mesh = draw?.mesh
    if (!draw || !mesh?.instanceColor) return
    const { matrix, farMatrix } = this.#members[member] as FlockMember
    const place = this.#placeOf[member] as number
    draw.members[place] = member
    mesh.instanceMatrix.array.set(at === farDraw ? farMatrix : matrix, place * 16)
    this.#writeColor(member, at === farDraw, mesh.instanceColor.array, place * 3)
  }

  #writeColor(member: number, far: boolean, into: { [index: number]: number }, at: number): void {
    const own = far ? this.#members[member]?.farColor : undefined
    for (let k = 0; k < 3; k++) into[at + k] = (this.#colors[member * 3 + k] as number) * (own?.[k] ?? 1)
  }

  #reserve(draw: Draw, count: number): void {
    if (count === 0 || (draw.mesh && draw.mesh.instanceMatrix.count >= count)) return
    draw.mesh?.removeFromParent()
    draw.mesh?.dispose()
    const capacity = Math.max(8, Math.ceil(count * 1.4))
    const mesh = new InstancedMesh(draw.geometry, this.#options.material, capacity)
    mesh.instanceColor = new InstancedBufferAttribute(new Float32Array(capacity * 3), 3)
    mesh.frustumCulled = false
    mesh.matrixAutoUpdate = false
    mesh.castShadow = this.#options.castShadow
    mesh.receiveShadow = this.#options.receiveShadow ?? false
    draw.mesh = mesh
    draw.members = new Uint32Array(capacity)
    this.object.add(mesh)
    // Places are not reckoned anew for a look.
    mesh.updateMatrixWorld(true)
  }

  dispose(): void {
    for (const { mesh } of this.#draws) mesh?.dispose()
    for (const { near } of this.#shapes) near.dispose()
    this.#options.far.dispose()
    this.object.clear()
    this.object.removeFromParent()
  }
}

function show({ mesh, count }: Draw): void {
  if (!mesh) return
  mesh.count = count
  mesh.visible = count > 0
}

/** Uploads one place at the next draw; many of them in one piece, since each costs a call. */
function touch(attribute: BufferAttribute, place: number, count: number): void {
  if (attribute.updateRanges.length >= mostRanges) replace(attribute, count)
  attribute.addUpdateRange(place * attribute.itemSize, attribute.itemSize)
  attribute.needsUpdate = true
}

function touchAll({ mesh, count }: Draw, place: number): void {
  if (!mesh) return
  touch(mesh.instanceMatrix, place, count)
  if (mesh.instanceColor) touch(mesh.instanceColor, place, count)
}

function replace(attribute: BufferAttribute, count: number): void {
  attribute.clearUpdateRanges()
  attribute.addUpdateRange(0, count * attribute.itemSize)
  attribute.needsUpdate = true
}

function gridOf(members: readonly FlockMember[]): Cell[] {
  let [west, south, east, north] = [0, 0, 0, 0]
  for (const { eastM, northM } of members) {
    west = Math.min(west, eastM)
    south = Math.min(south, northM)
    east = Math.max(east, eastM)
    north = Math.max(north, northM)
  }
  return cellsOf(members, cellSizeM(east - west, north - south, cellsWanted, leastCellM))
}

function groupsOf(members: readonly FlockMember[], cells: readonly Cell[]): FlockGroup[] {
  return cells.flatMap((cell, at) => {
    const byShape = new Map<number, number[]>()
    for (const i of cell.members) {
      const { shape } = members[i] as FlockMember
      const list = byShape.get(shape)
      if (list) list.push(i)
      else byShape.set(shape, [i])
    }
    return [...byShape].map(([shape, own]): FlockGroup => ({ cell: at, shape, members: own }))
  })
}
