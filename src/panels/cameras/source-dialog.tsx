import { useId, useState } from 'react'
import {
  type CameraAddressError,
  type CameraKind,
  cameraKinds,
  parseCameraAddress,
  webCameraKinds,
} from '../../contract/camera-address.ts'
import type { CameraSetup } from '../../contract/camera-port.ts'
import { Button } from '../../ui/button.tsx'
import { FormDialog } from '../../ui/dialog.tsx'
import { FilePick, Select } from '../../ui/inputs.tsx'
import { useText } from '../../ui/preferences.tsx'
import { usePorts } from '../ports.tsx'
import { useNames } from '../use-twin.ts'

interface SourceDialogProps {
  readonly cameraId: string
  readonly setup: CameraSetup
  onClose(): void
}

/** Where a camera's pictures come from, for this browser. The address in use is shown without its secrets. */
export function SourceDialog({ cameraId, setup, onClose }: SourceDialogProps) {
  const text = useText()
  const words = text.cameras.source
  const names = useNames()
  const { cameraControls } = usePorts()
  const [kind, setKind] = useState<CameraKind>(setup.kind ?? 'mjpeg')
  const [rest, setRest] = useState('')
  const [file, setFile] = useState<File | undefined>()
  const [problem, setProblem] = useState<CameraAddressError | undefined>()
  const use = () => {
    if (kind === 'file') {
      if (!file) return setProblem('empty')
      cameraControls.chooseFile(cameraId, file)
      return onClose()
    }
    const address = addressOf(kind, rest.trim())
    const parsed = parseCameraAddress(address)
    if (!parsed.ok) return setProblem(rest.trim() === '' ? 'empty' : parsed.error)
    cameraControls.chooseSource(cameraId, address)
    onClose()
  }
  return (
    <FormDialog open title={words.title(names.thing(cameraId))} closeLabel={text.common.close} onClose={onClose}>
      <form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault()
          use()
        }}
      >
        <p className="form-note">{words.inUse(setup.shown)}</p>
        <div className="field">
          <span className="field-label">{words.kind}</span>
          <Select
            label={words.kind}
            value={kind}
            options={cameraKinds.map((value) => ({ value, label: words.kinds[value] }))}
            onChange={(next) => {
              setKind(next as CameraKind)
              setProblem(undefined)
            }}
          />
        </div>
        <SourceField kind={kind} rest={rest} onRest={setRest} onFile={setFile} />
        {problem && (
          <p className="form-problem" role="alert">
            {words.errors[problem]}
          </p>
        )}
        <p className="form-note">{words.remembered}</p>
        {setup.chosenHere && <p className="form-note">{words.bySite(setup.siteShown)}</p>}
        <div className="dialog-actions">
          {setup.chosenHere && (
            <Button
              onClick={() => {
                cameraControls.chooseSource(cameraId, undefined)
                onClose()
              }}
            >
              {words.useSite}
            </Button>
          )}
          <Button tone="primary" type="submit">
            {words.apply}
          </Button>
        </div>
      </form>
    </FormDialog>
  )
}

interface SourceFieldProps {
  readonly kind: CameraKind
  readonly rest: string
  onRest(rest: string): void
  onFile(file: File | undefined): void
}

/** What the kind needs: an address, a topic, a file, or nothing. */
function SourceField({ kind, rest, onRest, onFile }: SourceFieldProps) {
  const text = useText()
  const words = text.cameras.source
  const field = useId()
  switch (kind) {
    case 'virtual':
      return <p className="form-note">{words.virtualNote}</p>
    case 'webcam':
      return <p className="form-note">{words.webcamNote}</p>
    case 'file':
      return (
        <div className="field">
          <label htmlFor={field}>{words.file}</label>
          <FilePick
            id={field}
            accept="video/*"
            chooseLabel={text.common.chooseFile}
            noneLabel={text.common.noFile}
            onPick={([file]) => onFile(file)}
          />
          <p className="form-note">{words.fileNote}</p>
        </div>
      )
    default:
      return (
        <div className="field">
          <label htmlFor={field}>{kind === 'mqtt' ? words.topic : words.address}</label>
          <input
            id={field}
            className="input"
            type="text"
            inputMode={kind === 'mqtt' ? 'text' : 'url'}
            autoComplete="off"
            spellCheck={false}
            maxLength={480}
            placeholder={words.examples[kind]}
            value={rest}
            onChange={(event) => onRest(event.target.value)}
          />
          {kind === 'mqtt' && <p className="form-note">{words.topicNote}</p>}
        </div>
      )
  }
}

/** People paste whole addresses; a kind in front of one is not doubled. */
function addressOf(kind: CameraKind, rest: string): string {
  if (!webCameraKinds.some((web) => web === kind)) return `${kind}:${kind === 'mqtt' ? rest.replace(/^mqtt:/, '') : ''}`
  return rest.startsWith(`${kind}:`) ? rest : `${kind}:${rest}`
}
