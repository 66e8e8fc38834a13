/** Runs inside the page: the park's own frames beside a bare three.js scene of the same counts, in turn. */
import type { RootState } from '@react-three/fiber'
import {
  BoxGeometry,
  type BufferAttribute,
  DirectionalLight,
  HemisphereLight,
  InstancedMesh,
  Matrix4,
  Mesh,
  MeshLambertMaterial,
  type Object3D,
  PerspectiveCamera,
  Scene,
  WebGLRenderer,
} from 'three'
import type { SceneView } from '../../src/scene/scene-view.ts'
import { ParkStage } from '../../src/scene/stage.ts'
import type { Twin } from '../../src/twin/twin.ts'

export interface SceneFigures {
  readonly jsMs: number
  /** The renderer's share of `jsMs`. */
  readonly renderJsMs: number
  readonly bareJsMs: number
  readonly drawCalls: number
  readonly triangles: number
  readonly instances: number
  /** Devices among the instances; in the district all of them, those under roofs included. */
  readonly devicesDrawn: number
  /** From the site file to a stage that can be drawn. */
  readonly buildMs: number
  /** JavaScript heap after a collection, and buffers handed to the GPU. */
  readonly heapMb: number
  readonly gpuMb: number
  readonly geometries: number
  readonly textures: number
  readonly pickP95Ms: number
  readonly valueChangeFrames: number
  readonly idleFrames: number
  readonly syncP95Ms: number
}

export interface MeasureInput {
  readonly root: RootState
  readonly view: SceneView
  readonly twin: Twin
  readonly rounds: number
  readonly idleMs: number
}

export async function measureScene({ root, view, twin, rounds, idleMs }: MeasureInput): Promise<SceneFigures> {
  const { gl, scene, size } = root
  const { devices } = view.stage.named
  // The worst case: every device is drawn, what stands under roofs as well.
  devices.reveal(true)
  await rest(view)
  root.advance(performance.now())
  const devicesDrawn = devices.drawnCount
  const counts = drawnCounts(root)
  const bare = bareScene(counts, size.width, size.height)
  const frames = {
    own: () => {
      view.rig.orbit(0.3, 0)
      root.advance(performance.now())
    },
    bare: bare.draw,
    render: () => gl.render(scene, root.camera),
  }
  const times = { own: [] as number[], bare: [] as number[], render: [] as number[] }
  const kinds = ['own', 'bare', 'render'] as const
  let drawCalls = 0
  let triangles = 0
  for (let round = -warmUp; round < rounds; round++) {
    await animationFrames(1)
    // Who comes first after the browser's own work finds the caches cold: all take turns at it.
    for (let turn = 0; turn < kinds.length; turn++) {
      const kind = kinds[(round + turn + warmUp) % kinds.length] as (typeof kinds)[number]
      finish(gl)
      finish(bare.gl)
      // Several frames at a stretch, as in motion.
      const ms = timed(() => {
        for (let i = 0; i < stretch; i++) frames[kind]()
      })
      // The first rounds compile shaders and JavaScript; they are no frames of a running park.
      if (round >= 0) times[kind].push(ms / stretch)
      if (kind !== 'own') continue
      drawCalls = gl.info.render.calls
      triangles = gl.info.render.triangles
    }
  }
  bare.dispose()
  const picks = Array.from({ length: 200 }, (_, i) =>
    timed(() => view.pick((((i * 37) % 97) / 97) * size.width, (((i * 61) % 89) / 89) * size.height)),
  )
  const syncs = Array.from({ length: 40 }, () => timed(() => twin.beat()))
  await rest(view)
  return {
    jsMs: median(times.own),
    renderJsMs: median(times.render),
    bareJsMs: median(times.bare),
    drawCalls,
    triangles,
    instances: counts.instanced.reduce((a, b) => a + b, 0),
    devicesDrawn,
    buildMs: timed(() => new ParkStage({ ...view.stage.options }).dispose()),
    heapMb: await heapMb(),
    gpuMb: gpuBytes(scene) / 2 ** 20,
    geometries: gl.info.memory.geometries,
    textures: gl.info.memory.textures,
    pickP95Ms: percentile(picks, 0.95),
    valueChangeFrames: await framesAfterChange(view, twin),
    idleFrames: await idleFrames(view, twin, idleMs),
    syncP95Ms: percentile(syncs, 0.95),
  }
}

/** Whole frames at the page's present size, drawn to the last pixel: milliseconds each. */
export function measureFrames({ root, view }: Pick<MeasureInput, 'root' | 'view'>, rounds: number): number {
  const times: number[] = []
  for (let round = -2; round < rounds; round++) {
    view.rig.orbit(0.3, 0)
    const ms = timed(() => {
      root.advance(performance.now())
      finish(root.gl)
    })
    if (round >= 0) times.push(ms)
  }
  return median(times)
}

/** As many frames as lie between two looks for labels, so that each stretch holds all that happens now and then. */
const stretch = 16
/** Rounds until JavaScript is compiled for good: frames of either kind get faster for some 1,300 of them. */
const warmUp = 80

/** Frames drawn after one lamp reports another level: one is right. */
async function framesAfterChange(view: SceneView, twin: Twin): Promise<number> {
  const lamps = [...twin.devices.values()].filter((d) => /lumin|light/i.test(d.birth.class))
  // A zone is as bright as its brightest lamp: all of one zone change together.
  const rows = lamps
    .filter((lamp) => lamp.birth.zone === lamps[0]?.birth.zone)
    .flatMap((lamp) =>
      lamp.birth.points.flatMap(({ id, kind }) => {
        const index = lamp.points[id]
        return index !== undefined && (kind === 'onOff' || kind === 'dimming') ? [{ index, kind }] : []
      }),
    )
  if (rows.length === 0) return 0
  const bright = rows.some(({ index, kind }) => kind === 'dimming' && (twin.hot.value[index] ?? 0) > 50)
  const before = view.redraw.framesTotal
  const values = rows.map(({ kind }) => (kind === 'dimming' ? (bright ? 20 : 90) : 1))
  twin.apply({
    type: 'readings',
    block: {
      count: rows.length,
      indices: Uint32Array.from(rows, (r) => r.index),
      values: Float64Array.from(values),
      atMs: new Float64Array(rows.length).fill(twin.siteClock.nowMs()),
      quality: new Uint8Array(rows.length),
    },
  })
  twin.beat()
  await animationFrames(3)
  return view.redraw.framesTotal - before
}

/** A park where nothing moves: beats go on, no frame is drawn. */
async function idleFrames(view: SceneView, twin: Twin, idleMs: number): Promise<number> {
  twin.project({ tracks: [] })
  twin.beat()
  await rest(view)
  const before = view.redraw.framesTotal
  const until = performance.now() + idleMs
  while (performance.now() < until) {
    twin.beat()
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  return view.redraw.framesTotal - before
}

async function rest(view: SceneView): Promise<void> {
  // Frames drawn by hand swallow what was asked for within them.
  view.redraw.invalidate('view')
  let last = -1
  for (let calm = 0; calm < 5; ) {
    await animationFrames(1)
    calm = view.redraw.framesTotal === last ? calm + 1 : 0
    last = view.redraw.framesTotal
  }
}

async function animationFrames(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => requestAnimationFrame(resolve))
}

interface Counts {
  readonly instanced: readonly number[]
  readonly plain: number
  readonly lights: boolean
}

/**
 * What one frame of the scene draws: counts of each instanced mesh, and how many plain ones. What is one of its kind
 * counts as plain: three.js need not draw it as an instance.
 */
function drawnCounts({ gl, scene, advance }: RootState): Counts {
  const instanced: number[] = []
  let plain = 0
  const { renderBufferDirect } = gl
  gl.renderBufferDirect = (...args) => {
    const object = args[4]
    if (object instanceof InstancedMesh && object.count > 1) instanced.push(object.count)
    else plain++
    renderBufferDirect.apply(gl, args)
  }
  advance(performance.now())
  gl.renderBufferDirect = renderBufferDirect
  let lights = false
  scene.traverseVisible((object) => {
    if (object instanceof DirectionalLight) lights = true
  })
  return { instanced, plain, lights }
}

/**
 * The least that three.js can do for the same picture: as many draws, instances and lights, each draw with a geometry
 * and a material of its own as in any scene, nothing else. The camera moves in every frame, as the park's does.
 */
function bareScene(counts: Counts, width: number, height: number) {
  const gl = new WebGLRenderer({ antialias: false })
  gl.setPixelRatio(0.25)
  gl.setSize(width, height, false)
  const scene = new Scene()
  const camera = new PerspectiveCamera(30, width / height, 1, 2000)
  camera.position.set(0, 200, 300)
  camera.lookAt(0, 0, 0)
  const matrix = new Matrix4()
  const made: (InstancedMesh | Mesh)[] = []
  for (const count of counts.instanced) {
    const mesh = new InstancedMesh(new BoxGeometry(1, 1, 1), new MeshLambertMaterial(), count)
    for (let i = 0; i < count; i++)
      mesh.setMatrixAt(i, matrix.makeTranslation((i % 40) * 4 - 80, 0, Math.floor(i / 40) * 4 - 80))
    mesh.frustumCulled = false
    made.push(mesh)
  }
  for (let i = 0; i < counts.plain; i++) made.push(new Mesh(new BoxGeometry(1, 1, 1), new MeshLambertMaterial()))
  for (const mesh of made) mesh.matrixAutoUpdate = false
  scene.add(...made)
  if (counts.lights) scene.add(new DirectionalLight(), new HemisphereLight())
  let step = 0
  return {
    gl,
    draw() {
      camera.position.x = step++ % 2
      camera.updateMatrixWorld()
      gl.render(scene, camera)
    },
    dispose() {
      for (const mesh of made) {
        mesh.geometry.dispose()
        if (!Array.isArray(mesh.material)) mesh.material.dispose()
      }
      gl.dispose()
      gl.forceContextLoss()
    },
  }
}

/** Bytes of all attributes and indices below, each buffer once. */
function gpuBytes(scene: Object3D): number {
  const buffers = new Map<ArrayBufferLike, number>()
  const count = (attribute: BufferAttribute | null | undefined) => {
    const array = attribute?.array
    if (ArrayBuffer.isView(array)) buffers.set(array.buffer, array.byteLength)
  }
  scene.traverse((object) => {
    if (!(object instanceof Mesh)) return
    for (const attribute of Object.values(object.geometry.attributes)) count(attribute as BufferAttribute)
    count(object.geometry.index)
    if (object instanceof InstancedMesh) {
      count(object.instanceMatrix)
      count(object.instanceColor)
    }
  })
  return [...buffers.values()].reduce((sum, bytes) => sum + bytes, 0)
}

async function heapMb(): Promise<number> {
  const collect: unknown = Reflect.get(globalThis, 'gc')
  if (typeof collect === 'function') collect()
  await animationFrames(2)
  const memory: unknown = Reflect.get(performance, 'memory')
  const used = typeof memory === 'object' && memory ? Reflect.get(memory, 'usedJSHeapSize') : undefined
  return typeof used === 'number' ? used / 2 ** 20 : Number.NaN
}

/** Waits until the GPU (or its software stand-in) has drawn everything that was asked for. */
function finish(gl: WebGLRenderer): void {
  const context = gl.getContext()
  context.readPixels(0, 0, 1, 1, context.RGBA, context.UNSIGNED_BYTE, new Uint8Array(4))
}

function timed(run: () => unknown): number {
  const begun = performance.now()
  run()
  return performance.now() - begun
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}
