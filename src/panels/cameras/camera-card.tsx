import { useText } from '../../ui/preferences.tsx'
import { useNames, useSelection, useTwin } from '../use-twin.ts'
import { CameraActions } from './camera-actions.tsx'
import { CameraFaultNote } from './camera-fault-note.tsx'
import { CameraHealthLine } from './camera-health-line.tsx'
import { CameraPicture } from './camera-picture.tsx'
import { useCameraSetup } from './use-camera-setup.ts'

/** The live picture of one camera with what the tracker holds, how healthy the source is, and what one can do with it. */
export function CameraCard({ cameraId }: { readonly cameraId: string }) {
  const names = useNames()
  const text = useText()
  const [, show] = useSelection()
  const source = useCameraSetup(cameraId)?.shown
  const tracked = useTwin((state) => state.sightings.filter((track) => track.cameraId === cameraId).length)
  return (
    <figure className="camera" aria-label={names.thing(cameraId)}>
      {/* Another source's last picture does not stand for this one. */}
      <CameraPicture key={source} cameraId={cameraId} />
      <figcaption className="camera-caption">
        <button type="button" className="link-button" onClick={() => show({ kind: 'camera', id: cameraId })}>
          {names.thing(cameraId)}
        </button>
        <span className="camera-tracks">{text.cameras.seen(tracked)}</span>
        <CameraHealthLine cameraId={cameraId} />
        <CameraFaultNote cameraId={cameraId} />
        <CameraActions cameraId={cameraId} />
      </figcaption>
    </figure>
  )
}
