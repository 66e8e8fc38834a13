import { useState } from 'react'
import type { ExportFormat, ExportRefusal } from '../../contract/camera-port.ts'
import { Button } from '../../ui/button.tsx'
import { FormDialog } from '../../ui/dialog.tsx'
import { Select, Switch } from '../../ui/inputs.tsx'
import { useText } from '../../ui/preferences.tsx'
import { usePorts } from '../ports.tsx'
import { useNames } from '../use-twin.ts'

interface ExportDialogProps {
  readonly cameraId: string
  onClose(): void
}

type Outcome = { readonly refused: ExportRefusal } | { readonly blurred: number } | 'working' | undefined

/** One picture, blurred where faces and plates may be, saved as a file of this machine. */
export function ExportDialog({ cameraId, onClose }: ExportDialogProps) {
  const text = useText()
  const words = text.cameras.export
  const names = useNames()
  const { pictureExporter } = usePorts()
  const [format, setFormat] = useState<ExportFormat>('jpeg')
  const [wholePersons, setWholePersons] = useState(false)
  const [outcome, setOutcome] = useState<Outcome>()
  const name = names.thing(cameraId)
  const go = async () => {
    setOutcome('working')
    const caption = (time: string, person: string) => words.caption(name, time, person)
    const exported = await pictureExporter.exportPicture(cameraId, { format, wholePersons, caption })
    if (!exported.ok) return setOutcome({ refused: exported.error })
    save(exported.value.blob, exported.value.fileName)
    setOutcome({ blurred: exported.value.blurred })
  }
  return (
    <FormDialog open title={words.title(name)} closeLabel={text.common.close} onClose={onClose}>
      <div className="dialog-form">
        <p className="form-note">{words.note}</p>
        <div className="field">
          <span className="field-label">{words.format}</span>
          <Select
            label={words.format}
            value={format}
            options={[
              { value: 'jpeg', label: 'JPEG' },
              { value: 'png', label: 'PNG' },
            ]}
            onChange={(next) => setFormat(next as ExportFormat)}
          />
        </div>
        <div className="export-switch">
          <span>{words.wholePersons}</span>
          <Switch label={words.wholePersons} checked={wholePersons} onChange={setWholePersons} />
        </div>
        <p className="form-note">{words.record}</p>
        <p
          className={outcome && outcome !== 'working' && 'refused' in outcome ? 'form-problem' : 'form-done'}
          role="status"
        >
          {outcomeText(outcome, words)}
        </p>
        <div className="dialog-actions">
          <Button tone="primary" disabled={outcome === 'working'} onClick={() => void go()}>
            {words.go}
          </Button>
        </div>
      </div>
    </FormDialog>
  )
}

function outcomeText(outcome: Outcome, words: ReturnType<typeof useText>['cameras']['export']): string {
  if (outcome === undefined) return ''
  if (outcome === 'working') return words.working
  return 'refused' in outcome ? words.refused[outcome.refused] : words.done(outcome.blurred)
}

/** A click on a link that is not shown is how a page hands out a file it made. */
function save(blob: Blob, fileName: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  URL.revokeObjectURL(url)
}
