import { type RefObject, useLayoutEffect, useState } from 'react'
import { type RowWindow, rowWindow } from './tree-window.ts'

/** Height of a row as the stylesheet gives it; rows of one tree are equally high. */
export const rowHeightPx = 27

/** Which rows of a list to draw, kept in step with the ancestor that scrolls it; all of them are equally high. */
export function useRowWindow(list: RefObject<HTMLElement | null>, rowCount: number, heightPx = rowHeightPx): RowWindow {
  const [shown, setShown] = useState<RowWindow>({ from: 0, to: Math.min(rowCount, 120) })
  useLayoutEffect(() => {
    const element = list.current
    const scroller = element && scrollerOf(element)
    if (!element || !scroller) return
    const look = () => {
      const scrolledPx = scroller.getBoundingClientRect().top - element.getBoundingClientRect().top
      const next = rowWindow(rowCount, heightPx, scrolledPx, scroller.clientHeight)
      setShown((known) => (known.from === next.from && known.to === next.to ? known : next))
    }
    look()
    scroller.addEventListener('scroll', look, { passive: true })
    const observer = new ResizeObserver(look)
    observer.observe(scroller)
    return () => {
      scroller.removeEventListener('scroll', look)
      observer.disconnect()
    }
  }, [list, rowCount, heightPx])
  return { from: Math.min(shown.from, rowCount), to: Math.min(shown.to, rowCount) }
}

export function scrollerOf(element: HTMLElement): HTMLElement | undefined {
  for (let above = element.parentElement; above; above = above.parentElement)
    if (/auto|scroll/.test(getComputedStyle(above).overflowY)) return above
  return undefined
}
