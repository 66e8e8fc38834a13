import { type RefObject, useEffect } from 'react'

/** What has a name that a screen reader says on arrival. */
const landings = 'article, section, aside, [role="tabpanel"]'

/**
 * A button that goes away as it is pressed would take the focus with it, and who works by keys would begin again at the
 * top of the page. The nearest part around it that is still there gets the focus instead.
 */
export function useKeptFocus(root: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const within = root.current
    if (!within) return
    let way: HTMLElement[] = []
    const note = ({ target }: FocusEvent) => {
      way = []
      for (let at = target; at instanceof HTMLElement && within.contains(at); at = at.parentElement) way.push(at)
    }
    // Who leaves it of his own accord, for nothing else, is called back nowhere when it goes later.
    const left = () => {
      queueMicrotask(() => {
        if (way[0]?.isConnected && !way[0].matches(':disabled') && document.activeElement === document.body) way = []
      })
    }
    const observer = new MutationObserver(() => {
      if (!way[0] || way[0].isConnected || document.activeElement !== document.body) return
      const there = way.filter((element) => element.isConnected)
      const place = there.find((element) => element.matches(landings)) ?? there[0]
      way = []
      if (!place) return
      if (!place.hasAttribute('tabindex')) place.tabIndex = -1
      place.focus({ preventScroll: true })
    })
    document.addEventListener('focusin', note)
    document.addEventListener('focusout', left)
    observer.observe(within, { childList: true, subtree: true })
    return () => {
      document.removeEventListener('focusin', note)
      document.removeEventListener('focusout', left)
      observer.disconnect()
    }
  }, [root])
}
