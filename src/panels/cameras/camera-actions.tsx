import { Suspense, useState } from 'react'
import { Boundary, fetched } from '../../ui/boundary.tsx'
import { Button } from '../../ui/button.tsx'
import { useText } from '../../ui/preferences.tsx'
import { usePorts } from '../ports.tsx'
import { useNames } from '../use-twin.ts'
import { useCameraSetup } from './use-camera-setup.ts'

// Rarely opened: not part of what the page loads first.
const CalibrationPanel = fetched(() => import('../calibration/calibration-panel.tsx').then((it) => it.CalibrationPanel))
const ExportDialog = fetched(() => import('./export-dialog.tsx').then((it) => it.ExportDialog))
const MaskDialog = fetched(() => import('./mask-dialog.tsx').then((it) => it.MaskDialog))
const SourceDialog = fetched(() => import('./source-dialog.tsx').then((it) => it.SourceDialog))

/** The row of buttons under a picture. Whatever else can be done with a camera gets its button here. */
export function CameraActions({ cameraId }: { readonly cameraId: string }) {
  const text = useText()
  const names = useNames()
  const { views } = usePorts()
  const setup = useCameraSetup(cameraId)
  const [open, setOpen] = useState<'source' | 'mask' | 'export' | 'calibration' | undefined>()
  if (!setup) return null
  const close = () => setOpen(undefined)
  return (
    <fieldset className="camera-actions" aria-label={text.cameras.actions(names.thing(cameraId))}>
      <Button tone="quiet" small icon="camera" onClick={() => views.getState().lookThrough(cameraId)}>
        {text.hud.lookThrough}
      </Button>
      <Button tone="quiet" small icon="source" onClick={() => setOpen('source')}>
        {text.cameras.source.button}
      </Button>
      <Button tone="quiet" small icon="mask" onClick={() => setOpen('mask')}>
        {text.cameras.mask.button}
      </Button>
      <Button tone="quiet" small icon="export" onClick={() => setOpen('export')}>
        {text.cameras.export.button}
      </Button>
      <Button tone="quiet" small icon="target" onClick={() => setOpen('calibration')}>
        {text.calibration.button}
      </Button>
      <Boundary key={open}>
        <Suspense>
          {open === 'calibration' && <CalibrationPanel cameraId={cameraId} onClose={close} />}
          {open === 'source' && <SourceDialog cameraId={cameraId} setup={setup} onClose={close} />}
          {open === 'mask' && <MaskDialog cameraId={cameraId} setup={setup} onClose={close} />}
          {open === 'export' && <ExportDialog cameraId={cameraId} onClose={close} />}
        </Suspense>
      </Boundary>
    </fieldset>
  )
}
