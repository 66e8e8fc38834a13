import { useId, useState } from 'react'
import type { SiteOrigin } from '../../contract/site-port.ts'
import { Button } from '../../ui/button.tsx'
import { FilePick } from '../../ui/inputs.tsx'
import { useText } from '../../ui/preferences.tsx'

interface SiteSourceProps {
  readonly disabled: boolean
  onBring(origin: SiteOrigin): Promise<void>
}

/** A site file of this machine, or an address. */
export function SiteSource({ disabled, onBring }: SiteSourceProps) {
  const text = useText()
  const words = text.sites
  const [url, setUrl] = useState('')
  const fileField = useId()
  const urlField = useId()
  return (
    <section className="site-source" aria-label={words.another}>
      <h3 className="section-title">{words.another}</h3>
      <div className="field">
        <label htmlFor={fileField}>{words.file}</label>
        <FilePick
          id={fileField}
          accept=".json,application/json"
          chooseLabel={text.common.chooseFile}
          noneLabel={text.common.noFile}
          disabled={disabled}
          onPick={([file]) => file && void onBring({ kind: 'file', file })}
        />
      </div>
      <form
        className="field"
        onSubmit={(event) => {
          event.preventDefault()
          void onBring({ kind: 'address', url: url.trim() })
        }}
      >
        <label htmlFor={urlField}>{words.address}</label>
        <div className="site-address">
          <input
            id={urlField}
            className="input"
            type="text"
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            maxLength={2000}
            placeholder="https://example.org/park.site.json"
            value={url}
            onChange={(event) => setUrl(event.target.value)}
          />
          <Button type="submit" disabled={disabled || url.trim() === ''}>
            {words.check}
          </Button>
        </div>
      </form>
    </section>
  )
}
