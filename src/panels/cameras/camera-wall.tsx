import { EmptyState } from '../../ui/layout.tsx'
import { useText } from '../../ui/preferences.tsx'
import { ModelBar } from '../models/model-bar.tsx'
import { useTwin } from '../use-twin.ts'
import { CameraCard } from './camera-card.tsx'

export function CameraWall() {
  const text = useText()
  const cameras = useTwin((state) => state.site?.cameras)
  if (!cameras || cameras.length === 0) return <EmptyState title={text.cameras.none} body={text.cameras.noneBody} />
  return (
    <section className="scroll camera-wall" aria-label={text.cameras.title}>
      <ModelBar />
      {cameras.map((camera) => (
        <CameraCard key={camera.id} cameraId={camera.id} />
      ))}
    </section>
  )
}
