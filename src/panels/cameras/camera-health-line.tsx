import { useText } from '../../ui/preferences.tsx'
import { useFormat, useTwin } from '../use-twin.ts'

/** Frames a second, age of the newest, resolution, drops, and the engine that looks at them. */
export function CameraHealthLine({ cameraId }: { readonly cameraId: string }) {
  const text = useText()
  const format = useFormat()
  const health = useTwin((state) => state.cameras.get(cameraId))
  const nowMs = useTwin((state) => state.siteNowMs)
  const speed = useTwin((state) => state.clock.speed)
  const engine = useTwin((state) => state.loop.engine)
  const inferenceMs = useTwin((state) => state.loop.inferenceMs)
  if (!health || health.framesTotal === 0) return null
  const ageMs = Math.max(0, (nowMs - health.lastFrameAtMs) / Math.max(1, speed))
  return (
    <span className="camera-health">
      <span>{text.cameras.fps(format.number(health.fps, 1))}</span>
      <span>{text.cameras.age(format.duration(Math.round(ageMs / 10) * 10))}</span>
      <span>{`${health.width}×${health.height}`}</span>
      {health.framesDropped > 0 && <span>{text.cameras.dropped(format.number(health.framesDropped))}</span>}
      {engine && inferenceMs !== undefined && (
        <span>{`${engine === 'webgpu' ? 'WebGPU' : 'WASM'} ${format.duration(inferenceMs)}`}</span>
      )}
    </span>
  )
}
