import { useId, useState } from 'react'
import type { ModelControls, ModelFault, ModelSourceFile } from '../../contract/model-port.ts'
import type { Result } from '../../platform/result.ts'
import { Button } from '../../ui/button.tsx'
import { FilePick } from '../../ui/inputs.tsx'
import { useText } from '../../ui/preferences.tsx'

interface ModelSourceProps {
  readonly controls: ModelControls
  readonly disabled: boolean
  onBring(load: () => Promise<Result<ModelSourceFile, ModelFault>>): Promise<void>
}

/** A file of this machine, with or without its `model.json`, or an address. */
export function ModelSource({ controls, disabled, onBring }: ModelSourceProps) {
  const text = useText()
  const words = text.models
  const [url, setUrl] = useState('')
  const [progress, setProgress] = useState('')
  const fileField = useId()
  const urlField = useId()
  const told = (doneBytes: number, share: number | undefined) =>
    setProgress(`${(doneBytes / 1e6).toFixed(1)} MB${share === undefined ? '' : ` · ${Math.floor(100 * share)} %`}`)
  return (
    <>
      <div className="field">
        <label htmlFor={fileField}>{words.file}</label>
        <FilePick
          id={fileField}
          multiple
          accept=".onnx,.json"
          chooseLabel={text.common.chooseFile}
          noneLabel={text.common.noFile}
          disabled={disabled}
          onPick={(files) => void onBring(() => controls.read(files))}
        />
      </div>
      <form
        className="field"
        onSubmit={(event) => {
          event.preventDefault()
          void onBring(() => controls.fetch(url.trim(), told)).finally(() => setProgress(''))
        }}
      >
        <label htmlFor={urlField}>{words.address}</label>
        <div className="model-address">
          <input
            id={urlField}
            className="input"
            type="text"
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            maxLength={2000}
            placeholder="https://example.org/models/detector.onnx"
            value={url}
            onChange={(event) => setUrl(event.target.value)}
          />
          <Button type="submit" disabled={disabled || url.trim() === ''}>
            {words.fetch}
          </Button>
        </div>
        {progress !== '' && <p className="form-note">{progress}</p>}
      </form>
    </>
  )
}
