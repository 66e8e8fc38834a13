import { type BufferGeometry, Group, InstancedBufferAttribute, InstancedMesh, type Material } from 'three'
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
/** So many changed colours are cheaper to upload in one piece. */
const mostRanges = 48
/** Cells are taken for seen a little before they are, since looks lag behind the eye. */
const seenMargin = 1.4
const cellsWanted = 140
const leastCellM = 45

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
}

/**
 * Many instances of few shapes, spread over the ground. Cells far away are drawn with one coarse shape for all, cells
 * farther still not at all; buffers are repacked only when a cell changes its level. A colour is written where its
 * instance stands in the buffer, and only that part is uploaded.
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
    this.#draws = geometries.map((geometry) => ({ mesh: undefined, geometry, count: 0 }))
    this.#wanted = new Uint32Array(geometries.length)
    this.object.matrixAutoUpdate = false
  }

  get drawnCount(): number {
    return this.#draws.reduce((sum, d) => sum + d.count, 0)
  }

  /** A shape that came later; its number for members. */
  addShape(shape: FlockShape): number {
    this.#shapes.push(shape)
    this.#draws.splice(-1, 0, { mesh: undefined, geometry: shape.near, count: 0 })
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
    const place = (this.#placeOf[member] ?? 0) * 3
    this.#writeColor(member, draw === this.#draws.at(-1), attribute.array, place)
    attribute.needsUpdate = true
    if (attribute.updateRanges.length >= mostRanges) {
      attribute.clearUpdateRanges()
      attribute.addUpdateRange(0, (draw?.count ?? 0) * 3)
    } else attribute.addUpdateRange(place, 3)
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
      const level = this.#levelFor(eye, this.#groups[i] as FlockGroup, this.#levels[i] as number)
      if (level === this.#levels[i]) continue
      this.#levels[i] = level
      changed = true
    }
    if (changed) this.#pack()
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

  #pack(): void {
    this.#stale = false
    const wanted = this.#wanted.fill(0)
    const farDraw = this.#draws.length - 1
    for (const [i, { shape, members }] of this.#groups.entries()) {
      const drawAt = [-1, farDraw, shape][this.#levels[i] as number] as number
      for (const member of members) {
        const draw = this.#hidden[member] ? -1 : drawAt
        this.#drawOf[member] = draw
        if (draw >= 0) this.#placeOf[member] = (wanted[draw] as number)++
      }
    }
    for (const [d, draw] of this.#draws.entries()) this.#reserve(draw, wanted[d] as number)
    for (let member = 0; member < this.#members.length; member++) this.#write(member, farDraw)
    for (const [d, draw] of this.#draws.entries()) {
      draw.count = wanted[d] as number
      const { mesh } = draw
      if (!mesh) continue
      mesh.count = draw.count
      mesh.visible = draw.count > 0
      for (const attribute of [mesh.instanceMatrix, mesh.instanceColor]) {
        if (!attribute) continue
        attribute.clearUpdateRanges()
        attribute.addUpdateRange(0, draw.count * attribute.itemSize)
        attribute.needsUpdate = true
      }
    }
  }

  #write(member: number, farDraw: number): void {
    const at = this.#drawOf[member] as number
    const mesh = this.#draws[at]?.mesh
    if (!mesh?.instanceColor) return
    const { matrix, farMatrix } = this.#members[member] as FlockMember
    const place = this.#placeOf[member] as number
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
    const capacity = Math.ceil(count * 1.25)
    const mesh = new InstancedMesh(draw.geometry, this.#options.material, capacity)
    mesh.instanceColor = new InstancedBufferAttribute(new Float32Array(capacity * 3), 3)
    mesh.frustumCulled = false
    mesh.matrixAutoUpdate = false
    mesh.castShadow = this.#options.castShadow
    mesh.receiveShadow = this.#options.receiveShadow ?? false
    draw.mesh = mesh
    this.object.add(mesh)
  }

  dispose(): void {
    for (const { mesh } of this.#draws) mesh?.dispose()
    for (const { near } of this.#shapes) near.dispose()
    this.#options.far.dispose()
    this.object.clear()
    this.object.removeFromParent()
  }
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
