import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { useText } from '../../ui/preferences.tsx'
import { useNames } from '../use-twin.ts'
import { SourceDialog } from './source-dialog.tsx'
import { useCameraSetup } from './use-camera-setup.ts'

/** The row of buttons under a picture. Whatever else can be done with a camera gets its button here. */
export function CameraActions({ cameraId }: { readonly cameraId: string }) {
  const text = useText()
  const names = useNames()
  const setup = useCameraSetup(cameraId)
  const [open, setOpen] = useState<'source' | undefined>()
  if (!setup) return null
  const close = () => setOpen(undefined)
  return (
    <fieldset className="camera-actions" aria-label={text.cameras.actions(names.thing(cameraId))}>
      <Button tone="quiet" small icon="camera" onClick={() => setOpen('source')}>
        {text.cameras.source.button}
      </Button>
      {open === 'source' && <SourceDialog cameraId={cameraId} setup={setup} onClose={close} />}
    </fieldset>
  )
}
