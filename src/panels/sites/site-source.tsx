import type { SiteOrigin } from '../../contract/site-port.ts'
import { FileOrAddress } from '../../ui/file-or-address.tsx'
import { useText } from '../../ui/preferences.tsx'

interface SiteSourceProps {
  readonly disabled: boolean
  onBring(origin: SiteOrigin): Promise<void>
}

/** A site file of this machine, or an address. */
export function SiteSource({ disabled, onBring }: SiteSourceProps) {
  const { sites: words } = useText()
  return (
    <section className="site-source" aria-label={words.another}>
      <h3 className="section-title">{words.another}</h3>
      <FileOrAddress
        words={{ file: words.file, address: words.address, fetch: words.check }}
        accept=".json,application/json"
        example="https://example.org/park.site.json"
        disabled={disabled}
        onFiles={([file]) => file && void onBring({ kind: 'file', file })}
        onAddress={(url) => void onBring({ kind: 'address', url })}
      />
    </section>
  )
}
