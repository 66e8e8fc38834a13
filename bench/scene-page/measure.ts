/** Runs inside the page: the park's own frames beside a bare three.js scene of the same counts, in turn. */
import type { RootState } from '@react-three/fiber'
import {
  BoxGeometry,
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
import type { Twin } from '../../src/twin/twin.ts'

export interface SceneFigures {
  readonly jsMs: number
  /** The renderer's share of `jsMs`. */
  readonly renderJsMs: number
  readonly bareJsMs: number
  readonly oneMeshJsMs: number
  readonly drawCalls: number
  readonly triangles: number
  readonly instances: number
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
  const counts = drawnCounts(scene)
  const bare = bareScene(counts, size.width, size.height)
  const single = bareScene(
    { instanced: [counts.instanced.reduce((a, b) => a + b, 0)], plain: 0 },
    size.width,
    size.height,
  )
  const own: number[] = []
  const others: number[] = []
  const ones: number[] = []
  const renders: number[] = []
  let drawCalls = 0
  let triangles = 0
  for (let round = -3; round < rounds; round++) {
    // Several frames at a stretch, as in motion; the queue is emptied in between, so that nobody pays for another.
    const js = timed(() => {
      for (let i = 0; i < batch; i++) {
        view.rig.orbit(0.3, 0)
        root.advance(performance.now())
      }
    })
    finish(gl)
    drawCalls = gl.info.render.calls
    triangles = gl.info.render.triangles
    const render = timed(() => {
      for (let i = 0; i < batch; i++) gl.render(scene, root.camera)
    })
    finish(gl)
    const bareJs = timed(() => repeat(bare.draw))
    finish(bare.gl)
    const oneJs = timed(() => repeat(single.draw))
    finish(single.gl)
    await animationFrames(1)
    // The first rounds compile shaders and upload; they are no frames of a running park.
    if (round < 0) continue
    own.push(js / batch)
    renders.push(render / batch)
    others.push(bareJs / batch)
    ones.push(oneJs / batch)
  }
  bare.dispose()
  single.dispose()
  const picks = Array.from({ length: 200 }, (_, i) =>
    timed(() => view.pick((((i * 37) % 97) / 97) * size.width, (((i * 61) % 89) / 89) * size.height)),
  )
  const syncs = Array.from({ length: 40 }, () => timed(() => twin.beat()))
  await rest(view)
  return {
    jsMs: median(own),
    renderJsMs: median(renders),
    bareJsMs: median(others),
    oneMeshJsMs: median(ones),
    drawCalls,
    triangles,
    instances: counts.instanced.reduce((a, b) => a + b, 0),
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

const batch = 6

function repeat(draw: () => void): void {
  for (let i = 0; i < batch; i++) draw()
}

/** Frames drawn after one lamp reports another level: one is right. */
async function framesAfterChange(view: SceneView, twin: Twin): Promise<number> {
  const lamp = [...twin.devices.values()].find((d) => /lumin/i.test(d.birth.class))
  const point = lamp?.birth.points.find((p) => p.kind === 'dimming')
  const index = lamp && point ? lamp.points[point.id] : undefined
  const on = lamp?.birth.points.find((p) => p.kind === 'onOff')
  const onIndex = lamp && on ? lamp.points[on.id] : undefined
  if (index === undefined || onIndex === undefined) return 0
  const before = view.redraw.framesTotal
  const level = (twin.hot.value[index] ?? 0) > 50 ? 20 : 90
  twin.apply({
    type: 'readings',
    block: {
      count: 2,
      indices: Uint32Array.from([index, onIndex]),
      values: Float64Array.from([level, 1]),
      atMs: new Float64Array(2).fill(twin.siteClock.nowMs()),
      quality: new Uint8Array(2),
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
}

/** What the scene draws: counts of each instanced mesh, and how many plain ones. */
function drawnCounts(scene: Object3D): Counts {
  const instanced: number[] = []
  let plain = 0
  scene.traverseVisible((object) => {
    if (object instanceof InstancedMesh) {
      if (object.count > 0) instanced.push(object.count)
    } else if (object instanceof Mesh) plain++
  })
  return { instanced, plain }
}

function bareScene(counts: Counts, width: number, height: number) {
  const gl = new WebGLRenderer({ antialias: false })
  gl.setPixelRatio(0.25)
  gl.setSize(width, height, false)
  const scene = new Scene()
  const camera = new PerspectiveCamera(30, width / height, 1, 2000)
  camera.position.set(0, 200, 300)
  camera.lookAt(0, 0, 0)
  const geometry = new BoxGeometry(1, 1, 1)
  const matrix = new Matrix4()
  const made: (InstancedMesh | Mesh)[] = []
  for (const count of counts.instanced) {
    const mesh = new InstancedMesh(geometry, new MeshLambertMaterial(), count)
    for (let i = 0; i < count; i++)
      mesh.setMatrixAt(i, matrix.makeTranslation((i % 40) * 4 - 80, 0, Math.floor(i / 40) * 4 - 80))
    mesh.frustumCulled = false
    made.push(mesh)
  }
  for (let i = 0; i < counts.plain; i++) made.push(new Mesh(geometry, new MeshLambertMaterial()))
  scene.add(...made)
  let step = 0
  return {
    gl,
    draw() {
      camera.position.x = step++ % 2
      camera.updateMatrixWorld()
      gl.render(scene, camera)
    },
    dispose() {
      for (const mesh of made) if (!Array.isArray(mesh.material)) mesh.material.dispose()
      geometry.dispose()
      gl.dispose()
      gl.forceContextLoss()
    },
  }
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
