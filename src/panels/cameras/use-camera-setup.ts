import { useSyncExternalStore } from 'react'
import type { CameraSetup } from '../../contract/camera-port.ts'
import { usePorts } from '../ports.tsx'

/** How a camera is set up in this browser; undefined while the site does not have it. */
export function useCameraSetup(cameraId: string): CameraSetup | undefined {
  const { cameraControls } = usePorts()
  return useSyncExternalStore(
    (changed) => cameraControls.onSetups(changed),
    () => cameraControls.setups().get(cameraId),
  )
}
