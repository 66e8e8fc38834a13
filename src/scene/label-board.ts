import { type CoveredArea, declutter, type LabelBox } from './declutter.ts'
import type { SitePoint } from './frames.ts'

export interface SceneLabel {
  readonly id: string
  readonly at: SitePoint
  readonly text: string
  /** A second, quieter line: a value with its unit. */
  readonly detail?: string
  /** Colour and shape say the same, so that neither stands alone. */
  readonly badge?: { readonly shape: string; readonly color: string }
  readonly priority: number
  readonly strong?: boolean
}

export interface LabelTheme {
  readonly ink: string
  readonly paper: string
  readonly line: string
}

/** A label with its element and what was last written to it: writing the DOM is what labels cost. */
interface Entry {
  readonly node: HTMLElement
  label: SceneLabel
  box: LabelBox | undefined
  shown: boolean
  x: number
  y: number
  signature: string
  width: number
  height: number
}

function place(entry: Entry, box: LabelBox | undefined): void {
  const { style } = entry.node
  if (entry.shown !== (box !== undefined)) {
    entry.shown = box !== undefined
    style.opacity = entry.shown ? '1' : '0'
  }
  if (!box) return
  const [x, y] = [Math.round(box.x), Math.round(box.y)]
  if (x === entry.x && y === entry.y) return
  entry.x = x
  entry.y = y
  style.translate = `${x}px ${y}px`
}

/** Few labels over the picture, as plain DOM moved by transforms: no React in the frame. */
export class LabelBoard {
  readonly #host: HTMLElement
  readonly #entries = new Map<string, Entry>()
  #theme: LabelTheme

  constructor(host: HTMLElement, theme: LabelTheme) {
    this.#host = host
    this.#theme = theme
  }

  setLabels(labels: readonly SceneLabel[]): void {
    const wanted = new Set(labels.map((l) => l.id))
    for (const [id, entry] of this.#entries) {
      if (wanted.has(id)) continue
      entry.node.remove()
      this.#entries.delete(id)
    }
    for (const label of labels) this.#write(label)
  }

  /** `project` gives the place on the screen in CSS pixels, undefined behind the eye. */
  layout(
    project: (at: SitePoint) => { readonly x: number; readonly y: number } | undefined,
    widthPx: number,
    heightPx: number,
    covered: readonly CoveredArea[] = [],
  ): void {
    const boxes: LabelBox[] = []
    for (const entry of this.#entries.values()) {
      entry.box = undefined
      const at = project(entry.label.at)
      if (!at) continue
      const { width, height } = entry
      entry.box = { id: entry.label.id, x: at.x, y: at.y - 14, width, height, priority: entry.label.priority }
      boxes.push(entry.box)
    }
    const shown = declutter(boxes, widthPx, heightPx, undefined, covered)
    for (const [id, entry] of this.#entries) place(entry, shown.has(id) ? entry.box : undefined)
  }

  #write(label: SceneLabel): void {
    const entry = this.#entries.get(label.id) ?? this.#create(label)
    const { node } = entry
    entry.label = label
    const signature = `${label.text}|${label.detail}|${label.badge?.shape}|${label.badge?.color}|${label.strong}`
    if (entry.signature === signature) return
    entry.signature = signature
    Object.assign(entry, sizeOf(label))
    node.replaceChildren()
    if (label.badge) node.append(span(label.badge.shape, `color:${label.badge.color};margin-right:5px;font-size:11px`))
    node.append(span(label.text, `font-weight:${label.strong || label.badge ? 600 : 500}`))
    if (label.detail !== undefined)
      node.append(span(label.detail, 'margin-left:6px;opacity:.72;font-variant-numeric:tabular-nums'))
    node.style.borderColor = label.badge?.color ?? this.#theme.line
  }

  #create(label: SceneLabel): Entry {
    const node = this.#host.ownerDocument.createElement('div')
    node.dataset.label = label.id
    node.style.cssText =
      'position:absolute;left:0;top:0;white-space:nowrap;pointer-events:none;opacity:0;transition:opacity 120ms;' +
      `font:12px/1 var(--font, system-ui);padding:5px 8px;border-radius:7px;border:1px solid ${this.#theme.line};` +
      `color:${this.#theme.ink};background:${this.#theme.paper};backdrop-filter:blur(6px);transform:translate(-50%,-100%);will-change:translate`
    this.#host.append(node)
    const entry: Entry = { node, label, box: undefined, shown: false, x: 0, y: 0, signature: '', width: 0, height: 0 }
    this.#entries.set(label.id, entry)
    return entry
  }

  dispose(): void {
    for (const { node } of this.#entries.values()) node.remove()
    this.#entries.clear()
  }
}

function span(text: string, css: string): HTMLElement {
  const node = document.createElement('span')
  node.textContent = text
  node.style.cssText = css
  return node
}

/** Reckoned rather than measured: measuring would force a layout in every frame. */
function sizeOf(label: SceneLabel): { readonly width: number; readonly height: number } {
  const text = `${label.text}${label.detail ?? ''}`
  let width = 20 + (label.badge ? 16 : 0) + (label.detail === undefined ? 0 : 6)
  for (const letter of text) width += (letter.codePointAt(0) ?? 0) > 0x2e80 ? 12.2 : 6.7
  return { width, height: 24 }
}
