import { useId, useState } from 'react'
import type { SiteOrigin } from '../../contract/site-port.ts'
import { Button } from '../../ui/button.tsx'
import { useText } from '../../ui/preferences.tsx'

interface SiteSourceProps {
  readonly disabled: boolean
  onBring(origin: SiteOrigin): Promise<void>
}

/** A site file of this machine, or an address. */
export function SiteSource({ disabled, onBring }: SiteSourceProps) {
  const words = useText().sites
  const [url, setUrl] = useState('')
  const fileField = useId()
  const urlField = useId()
  return (
    <section className="site-source" aria-label={words.another}>
      <h3 className="section-title">{words.another}</h3>
      <div className="field">
        <label htmlFor={fileField}>{words.file}</label>
        <input
          id={fileField}
          type="file"
          accept=".json,application/json"
          disabled={disabled}
          onChange={({ target }) => {
            const [file] = target.files ?? []
            if (file) void onBring({ kind: 'file', file })
            // so that the same file, mended, can be chosen again
            target.value = ''
          }}
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
