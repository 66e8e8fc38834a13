import { useState } from 'react'
import type { CameraSetup } from '../../contract/camera-port.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { FormDialog } from '../../ui/dialog.tsx'
import { useText } from '../../ui/preferences.tsx'
import { usePorts } from '../ports.tsx'
import { useNames } from '../use-twin.ts'
import { MaskBoard } from './mask-board.tsx'
import { beginDraft, closeShape, mostMasks, removeMask, undoCorner } from './mask-draft.ts'

interface MaskDialogProps {
  readonly cameraId: string
  readonly setup: CameraSetup
  onClose(): void
}

/** Draws what nobody may see of a camera's picture, by mouse or by keys. */
export function MaskDialog({ cameraId, setup, onClose }: MaskDialogProps) {
  const text = useText()
  const words = text.cameras.mask
  const names = useNames()
  const { cameraControls } = usePorts()
  const [draft, setDraft] = useState(() => beginDraft(setup.ownMasks))
  const [copied, setCopied] = useState(false)
  const drawn = closeShape(draft)
  const copy = () => {
    const masks = [...setup.siteMasks, ...drawn.masks]
    void navigator.clipboard.writeText(`"masks": ${JSON.stringify(masks)}`).then(() => setCopied(true))
  }
  const save = () => {
    cameraControls.setMasks(cameraId, drawn.masks)
    onClose()
  }
  return (
    <FormDialog wide open title={words.title(names.thing(cameraId))} closeLabel={text.common.close} onClose={onClose}>
      <div className="dialog-form">
        <p className="form-note">{words.note}</p>
        <MaskBoard cameraId={cameraId} siteMasks={setup.siteMasks} draft={draft} onDraft={setDraft} />
        <div className="mask-tools">
          <span className="form-note" role="status">
            {draft.masks.length >= mostMasks ? words.full : words.corners(draft.corners.length)}
          </span>
          <Button small disabled={draft.corners.length === 0} onClick={() => setDraft(undoCorner(draft))}>
            {words.undo}
          </Button>
          <Button small disabled={draft.corners.length < 3} onClick={() => setDraft(closeShape(draft))}>
            {words.close}
          </Button>
        </div>
        {setup.siteMasks.length > 0 && <p className="form-note">{words.bySite(setup.siteMasks.length)}</p>}
        {draft.masks.length === 0 ? (
          <p className="form-note">{words.none}</p>
        ) : (
          <ul className="mask-list">
            {draft.masks.map((mask, at) => (
              <li key={JSON.stringify(mask)}>
                <span>{words.one(at + 1, mask.length)}</span>
                <IconButton icon="close" label={words.remove(at + 1)} onClick={() => setDraft(removeMask(draft, at))} />
              </li>
            ))}
          </ul>
        )}
        <div className="dialog-actions">
          <Button onClick={copy}>{copied ? words.copied : words.copy}</Button>
          <Button tone="primary" onClick={save}>
            {words.save}
          </Button>
        </div>
      </div>
    </FormDialog>
  )
}
