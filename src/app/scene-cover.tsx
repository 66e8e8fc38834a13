import { createContext, type ReactNode, useContext, useMemo, useState, useSyncExternalStore } from 'react'
import type { Insets, SceneCover } from '../scene/framing.ts'

/** `within` hides labels beneath, but leaves the middle of the picture where it is. */
type Edge = keyof Insets | 'within'

/** Knows which parts of the scene lie under panels; each panel registers itself and is measured as it changes. */
class CoverBoard {
  readonly #edges = new Map<Element, Edge>()
  readonly #listeners = new Set<() => void>()
  readonly #observer = new ResizeObserver(() => this.#measure())
  #cover: SceneCover | undefined

  /** For `ref`: returns what takes the panel out again. */
  watch(element: Element, edge: Edge): () => void {
    this.#edges.set(element, edge)
    this.#observer.observe(element)
    return () => {
      this.#edges.delete(element)
      this.#observer.unobserve(element)
      this.#measure()
    }
  }

  readonly subscribe = (changed: () => void): (() => void) => {
    // A window that grows moves panels without changing their size.
    this.#observer.observe(document.documentElement)
    this.#listeners.add(changed)
    return () => {
      this.#listeners.delete(changed)
      if (this.#listeners.size === 0) this.#observer.unobserve(document.documentElement)
    }
  }

  readonly cover = (): SceneCover | undefined => this.#cover

  #measure(): void {
    const { clientWidth, clientHeight } = document.documentElement
    const insets = { top: 0, right: 0, bottom: 0, left: 0 }
    const areas = [...this.#edges].map(([element, edge]) => {
      const { left, top, right, bottom } = element.getBoundingClientRect()
      const depth = { left: right, top: bottom, right: clientWidth - left, bottom: clientHeight - top }
      if (edge !== 'within') insets[edge] = Math.max(insets[edge], depth[edge])
      return { left, top, right, bottom }
    })
    const cover = { insets, areas }
    if (JSON.stringify(cover) === JSON.stringify(this.#cover)) return
    this.#cover = cover
    for (const changed of this.#listeners) changed()
  }
}

const CoverContext = createContext<CoverBoard | undefined>(undefined)

export function SceneCoverProvider({ children }: { readonly children: ReactNode }) {
  const [board] = useState(() => new CoverBoard())
  return <CoverContext value={board}>{children}</CoverContext>
}

function useCoverBoard(): CoverBoard {
  const board = useContext(CoverContext)
  if (!board) throw new Error('scene covers need a SceneCoverProvider above')
  return board
}

/** A `ref` for a panel that lies over the scene at this edge. */
export function useCovers(edge: Edge): (element: Element | null) => (() => void) | undefined {
  const board = useCoverBoard()
  return useMemo(() => (element: Element | null) => (element ? board.watch(element, edge) : undefined), [board, edge])
}

export function useSceneCover(): SceneCover | undefined {
  const board = useCoverBoard()
  return useSyncExternalStore(board.subscribe, board.cover)
}
