import { declutter, type LabelBox } from './declutter.ts'
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

/** Few labels over the picture, as plain DOM moved by transforms: no React in the frame. */
export class LabelBoard {
  readonly #host: HTMLElement
  readonly #nodes = new Map<string, HTMLElement>()
  #labels: readonly SceneLabel[] = []
  #theme: LabelTheme

  constructor(host: HTMLElement, theme: LabelTheme) {
    this.#host = host
    this.#theme = theme
  }

  setLabels(labels: readonly SceneLabel[]): void {
    this.#labels = labels
    const wanted = new Set(labels.map((l) => l.id))
    for (const [id, node] of this.#nodes) {
      if (wanted.has(id)) continue
      node.remove()
      this.#nodes.delete(id)
    }
    for (const label of labels) this.#write(label)
  }

  /** `project` gives the place on the screen in CSS pixels, undefined behind the eye. */
  layout(
    project: (at: SitePoint) => { readonly x: number; readonly y: number } | undefined,
    widthPx: number,
    heightPx: number,
  ): void {
    const boxes: LabelBox[] = []
    for (const label of this.#labels) {
      const at = project(label.at)
      if (at) boxes.push({ id: label.id, x: at.x, y: at.y - 14, ...sizeOf(label), priority: label.priority })
    }
    const shown = declutter(boxes, widthPx, heightPx)
    const places = new Map(boxes.map((b) => [b.id, b]))
    for (const [id, node] of this.#nodes) {
      const box = shown.has(id) ? places.get(id) : undefined
      if (node.dataset.shown !== (box ? '1' : '0')) {
        node.dataset.shown = box ? '1' : '0'
        node.style.opacity = node.dataset.shown
      }
      if (box) node.style.transform = `translate(${box.x.toFixed(1)}px, ${box.y.toFixed(1)}px) translate(-50%, -100%)`
    }
  }

  #write(label: SceneLabel): void {
    const node = this.#nodes.get(label.id) ?? this.#create(label.id)
    const signature = `${label.text}|${label.detail}|${label.badge?.shape}|${label.badge?.color}|${label.strong}`
    if (node.dataset.signature === signature) return
    node.dataset.signature = signature
    node.replaceChildren()
    if (label.badge) node.append(span(label.badge.shape, `color:${label.badge.color};margin-right:5px;font-size:11px`))
    node.append(span(label.text, `font-weight:${label.strong || label.badge ? 600 : 500}`))
    if (label.detail !== undefined)
      node.append(span(label.detail, 'margin-left:6px;opacity:.72;font-variant-numeric:tabular-nums'))
    node.style.borderColor = label.badge?.color ?? this.#theme.line
  }

  #create(id: string): HTMLElement {
    const node = this.#host.ownerDocument.createElement('div')
    node.dataset.label = id
    node.style.cssText =
      'position:absolute;left:0;top:0;white-space:nowrap;pointer-events:none;opacity:0;transition:opacity 120ms;' +
      `font:12px/1 var(--font, system-ui);padding:5px 8px;border-radius:7px;border:1px solid ${this.#theme.line};` +
      `color:${this.#theme.ink};background:${this.#theme.paper};backdrop-filter:blur(6px);will-change:transform`
    this.#host.append(node)
    this.#nodes.set(id, node)
    return node
  }

  dispose(): void {
    for (const node of this.#nodes.values()) node.remove()
    this.#nodes.clear()
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
