import { useId, useState } from 'react'
import type { ModelControls, ModelFault, ModelSourceFile } from '../../contract/model-port.ts'
import type { Result } from '../../platform/result.ts'
import { FileOrAddress } from '../../ui/file-or-address.tsx'
import { useText } from '../../ui/preferences.tsx'

interface ModelSourceProps {
  readonly controls: ModelControls
  readonly disabled: boolean
  onBring(load: () => Promise<Result<ModelSourceFile, ModelFault>>): Promise<void>
}

/** A file of this machine, with or without its `model.json`, or an address. */
export function ModelSource({ controls, disabled, onBring }: ModelSourceProps) {
  const { models: words } = useText()
  const [progress, setProgress] = useState('')
  const [sha256, setSha256] = useState('')
  const hashField = useId()
  const told = (doneBytes: number, share: number | undefined) =>
    setProgress(`${(doneBytes / 1e6).toFixed(1)} MB${share === undefined ? '' : ` · ${Math.floor(100 * share)} %`}`)
  return (
    <FileOrAddress
      words={words}
      multiple
      accept=".onnx,.json"
      example="https://example.org/models/detector.onnx"
      disabled={disabled}
      onFiles={(files) => void onBring(() => controls.read(files, sha256))}
      onAddress={(url) => void onBring(() => controls.fetch(url, sha256, told)).finally(() => setProgress(''))}
    >
      <label htmlFor={hashField}>{words.expectedHash}</label>
      <input
        id={hashField}
        className="input model-hash"
        autoComplete="off"
        spellCheck={false}
        pattern="\s*[0-9A-Fa-f]{64}\s*"
        title={words.hashForm}
        value={sha256}
        onChange={(event) => setSha256(event.target.value)}
      />
      {progress !== '' && <p className="form-note">{progress}</p>}
    </FileOrAddress>
  )
}
