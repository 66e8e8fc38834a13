import { useState, useSyncExternalStore } from 'react'
import type { ModelControls } from '../../contract/model-port.ts'
import { Button } from '../../ui/button.tsx'
import { useText } from '../../ui/preferences.tsx'
import { usePorts } from '../ports.tsx'
import { ModelDialog } from './model-dialog.tsx'

/** Which video model looks at the cameras, and the way to another. */
export function ModelBar() {
  const { modelControls } = usePorts()
  return modelControls ? <Bar controls={modelControls} /> : null
}

function Bar({ controls }: { readonly controls: ModelControls }) {
  const words = useText().models
  const [open, setOpen] = useState(false)
  const imported = useSyncExternalStore(
    (changed) => controls.onImported(changed),
    () => controls.imported(),
  )
  return (
    <section className="model-bar" aria-label={words.inUse}>
      <span className="model-name">
        {words.inUse}: <b>{imported ?? words.shipped}</b>
      </span>
      {imported !== undefined && (
        <Button small icon="undo" onClick={() => controls.returnToShipped()}>
          {words.backToShipped}
        </Button>
      )}
      <Button tone="quiet" small onClick={() => setOpen(true)}>
        {words.button}
      </Button>
      {open && <ModelDialog controls={controls} onClose={() => setOpen(false)} />}
    </section>
  )
}
