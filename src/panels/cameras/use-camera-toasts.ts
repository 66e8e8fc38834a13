import { useEffect, useRef } from 'react'
import { wordText } from '../../ui/i18n/language.ts'
import { useText } from '../../ui/preferences.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useNames, useTwin } from '../use-twin.ts'

/** Says when a camera that delivered falls silent, and when it is back; wherever the person looks at the time. */
export function useCameraToasts(): void {
  const cameras = useTwin((state) => state.cameras)
  const faulty = useRef(new Map<string, boolean>())
  const text = useText()
  const names = useNames()
  const toast = useToast()
  useEffect(() => {
    for (const [id, { fault, framesTotal }] of cameras) {
      const before = faulty.current.get(id)
      const now = fault !== undefined
      // Until the first picture nothing was lost; the card says what is wrong.
      if (framesTotal === 0 && before === undefined) continue
      faulty.current.set(id, now)
      if (before === now || (before === undefined && !now)) continue
      if (fault) {
        toast({
          title: text.cameras.failed(names.thing(id)),
          body: wordText(text.faults.codes, fault.code),
          tone: 'warning',
        })
      } else {
        toast({ title: text.cameras.recovered(names.thing(id)), tone: 'good' })
      }
    }
  }, [cameras, text, names, toast])
}
