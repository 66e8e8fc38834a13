import { createContext, type ReactNode, useContext } from 'react'
import type { CameraControls, PictureExporter } from '../contract/camera-port.ts'
import type { IntentPort } from '../contract/intent-port.ts'
import type { ModelControls } from '../contract/model-port.ts'
import type { SitePort } from '../contract/site-port.ts'
import type { Clock } from '../platform/clock.ts'
import type { SelectionStore } from '../scene/selection.ts'
import type { ViewStore } from '../scene/view-state.ts'
import type { Camera } from '../site/schema.ts'
import type { Twin } from '../twin/twin.ts'

/** Pictures for people, with the site time of their exposure. A bitmap is only lent for the call: draw it or copy it, never keep it. */
export interface CameraViewPort {
  subscribeFrames(cameraId: string, draw: (bitmap: ImageBitmap, capturedAtMs: number) => void): () => void
}

/** All that panels know of the world outside; given by `app`. */
export interface ConsolePorts {
  readonly twin: Twin
  readonly intents: IntentPort
  readonly clock: Clock
  readonly cameraView: CameraViewPort
  /** Sources, masks and exports of cameras. */
  readonly cameraControls: CameraControls
  readonly pictureExporter: PictureExporter
  /** The video model; undefined where inference is not this page's. */
  readonly modelControls?: ModelControls | undefined
  /** Other parks; undefined where there is only this one. */
  readonly sites?: SitePort | undefined
  /** The one selection that scene, tree and panels share. */
  readonly selection: SelectionStore
  /** Layer, storeys, views and the camera looked through: `views.getState().lookThrough(cameraId)`. */
  readonly views: ViewStore
  /** Believes in another pose of a camera from now on, in this browser, until the page is loaded anew. */
  calibrate(camera: Camera): void
}

const PortsContext = createContext<ConsolePorts | undefined>(undefined)

interface PortsProviderProps {
  readonly ports: ConsolePorts
  readonly children: ReactNode
}

export function PortsProvider({ ports, children }: PortsProviderProps) {
  return <PortsContext value={ports}>{children}</PortsContext>
}

export function usePorts(): ConsolePorts {
  const ports = useContext(PortsContext)
  if (!ports) throw new Error('usePorts needs a PortsProvider above')
  return ports
}
