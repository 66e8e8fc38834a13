import { type ReactNode, useId, useState } from 'react'
import { Button } from './button.tsx'
import { FilePick } from './inputs.tsx'
import { useText } from './preferences.tsx'

interface FileOrAddressProps {
  readonly words: {
    readonly file: string
    readonly address: string
    /** On the button beside the address. */
    readonly fetch: string
  }
  readonly accept: string
  readonly multiple?: boolean
  /** An address as it may look. */
  readonly example: string
  readonly disabled: boolean
  onFiles(files: readonly File[]): void
  onAddress(url: string): void
  /** Below the address. */
  readonly children?: ReactNode
}

const longestAddress = 2000

/** Something from outside: files of this machine, or an address. */
export function FileOrAddress({
  words,
  accept,
  multiple = false,
  example,
  disabled,
  onFiles,
  onAddress,
  children,
}: FileOrAddressProps) {
  const { common } = useText()
  const [url, setUrl] = useState('')
  const fileField = useId()
  const urlField = useId()
  return (
    <>
      <div className="field">
        <label htmlFor={fileField}>{words.file}</label>
        <FilePick
          id={fileField}
          multiple={multiple}
          accept={accept}
          chooseLabel={common.chooseFile}
          noneLabel={common.noFile}
          disabled={disabled}
          onPick={onFiles}
        />
      </div>
      <form
        className="field"
        onSubmit={(event) => {
          event.preventDefault()
          onAddress(url.trim())
        }}
      >
        <label htmlFor={urlField}>{words.address}</label>
        <div className="address-line">
          <input
            id={urlField}
            className="input"
            type="text"
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            maxLength={longestAddress}
            placeholder={example}
            value={url}
            onChange={(event) => setUrl(event.target.value)}
          />
          <Button type="submit" disabled={disabled || url.trim() === ''}>
            {words.fetch}
          </Button>
        </div>
        {children}
      </form>
    </>
  )
}
