import { useEffect, useState } from 'react'
import type { WebGLRenderer } from 'three'
import type { Finish } from './finish/finish.ts'
import type { FinishSettings } from './quality.ts'

/**
 * What finishes the pictures of this tier: undefined while its code is on the way, null where pictures go straight to
 * the canvas. Nothing is drawn before it is known: drawing the other way compiles every shader a second time.
 */
export function useFinish(renderer: WebGLRenderer, settings: FinishSettings | undefined): Finish | null | undefined {
  const [made, setMade] = useState<{ readonly settings: FinishSettings; readonly finish: Finish | null }>()
  useEffect(() => {
    if (!settings) return
    let finish: Finish | null = null
    let left = false
    const arrived = (code: typeof import('./finish/finish.ts') | undefined) => {
      if (left) return
      finish = code?.canFinish(renderer) ? new code.Finish(renderer, settings) : null
      setMade({ settings, finish })
    }
    // A plain picture rather than none: the host may have gone since the page was loaded.
    import('./finish/finish.ts').then(arrived, () => arrived(undefined))
    return () => {
      left = true
      finish?.dispose()
      setMade(undefined)
    }
  }, [renderer, settings])
  if (!settings) return null
  return made?.settings === settings ? made.finish : undefined
}
