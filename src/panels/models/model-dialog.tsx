import { useState } from 'react'
import type {
  InspectedDetector,
  ModelControls,
  ModelFault,
  ModelSourceFile,
  TriedDetector,
} from '../../contract/model-port.ts'
import type { Result } from '../../platform/result.ts'
import { Button } from '../../ui/button.tsx'
import { FormDialog } from '../../ui/dialog.tsx'
import { wordOf } from '../../ui/i18n/language.ts'
import { useText } from '../../ui/preferences.tsx'
import { useToast } from '../../ui/toast.tsx'
import { ModelDescription } from './model-description.tsx'
import { ModelFacts, TrialReport } from './model-facts.tsx'
import { ModelSource } from './model-source.tsx'

interface ModelDialogProps {
  readonly controls: ModelControls
  onClose(): void
}

interface Candidate {
  readonly source: ModelSourceFile
  readonly inspected: InspectedDetector
}

type Busy = 'fetching' | 'inspecting' | 'trying' | 'switching'

/** Another video model, in four steps: bring it, look into it, try it, use it. Until the last the one in use goes on. */
export function ModelDialog({ controls, onClose }: ModelDialogProps) {
  const text = useText()
  const words = text.models
  const toast = useToast()
  const [busy, setBusy] = useState<Busy | undefined>()
  const [fault, setFault] = useState<ModelFault | undefined>()
  const [candidate, setCandidate] = useState<Candidate | undefined>()
  const [manifestText, setManifestText] = useState('')
  const [tried, setTried] = useState<TriedDetector | undefined>()

  /** One thing at a time; a refusal is shown and changes nothing. */
  const step = async <T,>(what: Busy, run: () => Promise<Result<T, ModelFault>>): Promise<T | undefined> => {
    setBusy(what)
    setFault(undefined)
    const result = await run()
    setBusy(undefined)
    if (result.ok) return result.value
    setFault(result.error)
    return undefined
  }

  const bring = async (load: () => Promise<Result<ModelSourceFile, ModelFault>>) => {
    setCandidate(undefined)
    setTried(undefined)
    const source = await step('fetching', load)
    if (!source) return
    const inspected = await step('inspecting', () => controls.inspect(source))
    if (!inspected) return
    setCandidate({ source, inspected })
    setManifestText(inspected.manifestText)
  }

  const use = async ({ source }: Candidate) => {
    const done = await step('switching', () => controls.use(source, manifestText))
    if (!done) return
    toast({ title: words.nowInUse(source.name), tone: 'good' })
    onClose()
  }

  return (
    <FormDialog open wide title={words.title} closeLabel={text.common.close} onClose={onClose}>
      <div className="dialog-form model-form">
        <p className="form-note">{words.note}</p>
        <ModelSource controls={controls} disabled={busy !== undefined} onBring={bring} />
        {busy && <p role="status">{words.busy[busy]}</p>}
        {fault && <ModelProblem fault={fault} />}
        {candidate && (
          <>
            <ModelFacts inspected={candidate.inspected} />
            <ModelDescription
              text={manifestText}
              onText={(next) => {
                setManifestText(next)
                setTried(undefined)
              }}
            />
          </>
        )}
      </div>
      {candidate && (
        <div className="model-footer">
          {tried && <TrialReport tried={tried} />}
          <div className="dialog-actions">
            <Button
              disabled={busy !== undefined}
              onClick={async () =>
                setTried(await step('trying', () => controls.tryOut(candidate.source, manifestText)))
              }
            >
              {words.tryOut}
            </Button>
            <Button tone="primary" disabled={busy !== undefined || !tried} onClick={() => void use(candidate)}>
              {words.use}
            </Button>
          </div>
        </div>
      )}
    </FormDialog>
  )
}

function ModelProblem({ fault }: { readonly fault: ModelFault }) {
  const words = useText().models
  return (
    <div className="form-problem" role="alert">
      <b>{wordOf(words.faults, fault.code) ?? words.anyFault}</b>
      <p className="model-detail">{fault.message}</p>
      <p>{wordOf(words.tips, fault.code) ?? words.anyTip}</p>
    </div>
  )
}
