import { byPriority, type CoveredArea, declutter, type LabelBox, type ShownLabel } from './declutter.ts'
import type { SitePoint } from './frames.ts'

export interface SceneLabel {
  readonly id: string
  readonly at: SitePoint
  readonly text: string
  /** A second, quieter line: a value with its unit. */
  readonly detail?: string
  /** Colour and shape say the same, so that neither stands alone. The shape is an SVG path on a 16-pixel grid. */
  readonly badge?: { readonly shape: string; readonly color: string }
  readonly priority: number
  readonly strong?: boolean
  /** Where there is no room for all of a group, one stands for those that it hides and says how many they are. */
  readonly group?: string
}

export interface LabelTheme {
  readonly theme: 'dark' | 'light'
  readonly ink: string
}

/** What a layout asks of the camera. */
export interface LabelEye {
  readonly size: { readonly width: number; readonly height: number }
  readonly covered: readonly CoveredArea[]
  /** Place on the screen in CSS pixels; false behind the eye. */
  project(at: SitePoint, into: { x: number; y: number }): boolean
}

/** A label with its element and what was last written to it: writing the DOM is what labels cost. */
interface Entry extends LabelBox {
  label: SceneLabel
  /** Made when the label is first shown; of hundreds, few ever are. */
  node: HTMLElement | undefined
  shown: boolean
  /** The layout in which it was last shown. */
  round: number
  /** How many labels it stands for besides itself, as last written. */
  others: number
  written: SceneLabel | undefined
  /** Holds the second line, or how many more it stands for, and its words. */
  detail: HTMLElement | undefined
  words: Text | undefined
  drawnX: number
  drawnY: number
  x: number
  y: number
  width: number
  height: number
  priority: number
  group: string | undefined
}

/** Nodes of labels that are hidden are kept up to this many, for their fading and for their return. */
const spareNodes = 48
/** Frames of a movement, or time where frames are slow, after which those that have come into sight are looked for. */
const [decideEvery, decideEveryMs] = [16, 250]

/** Few labels over the picture, as plain DOM moved by transforms: no React in the frame. */
export class LabelBoard {
  readonly #host: HTMLElement
  readonly #entries = new Map<string, Entry>()
  readonly #line: string
  readonly #blank: Blanks
  #ordered: readonly Entry[] = []
  readonly #placed: Entry[] = []
  #shown: Entry[] = []
  #nodes = 0
  #round = 0
  #moves = 0
  #sinceMs = 0

  constructor(host: HTMLElement, { theme, ink }: LabelTheme) {
    this.#host = host
    const [paper, line] =
      theme === 'dark'
        ? ['rgb(16 22 30 / 86%)', 'rgb(255 255 255 / 14%)']
        : ['rgb(255 255 255 / 91%)', 'rgb(20 40 60 / 14%)']
    this.#line = line
    this.#blank = blanks(host.ownerDocument, ink, paper, line)
  }

  setLabels(labels: readonly SceneLabel[]): void {
    const wanted = new Set(labels.map((l) => l.id))
    for (const [id, entry] of this.#entries) {
      if (wanted.has(id)) continue
      this.#drop(entry)
      this.#entries.delete(id)
    }
    for (const label of labels) this.#take(label)
    this.#ordered = [...this.#entries.values()].sort(byPriority)
    this.#shown = this.#shown.filter((entry) => wanted.has(entry.id))
  }

  /** Decides for an eye at rest who is shown, and how many each stands for. */
  layout(eye: LabelEye): void {
    this.#moves = 0
    this.#sinceMs = 0
    this.#placed.length = 0
    for (const entry of this.#ordered) this.#place(entry, eye)
    for (const { label, others } of this.#decide(eye)) this.#show(label, others)
  }

  /**
   * Moves the labels with an eye under way, `sinceMs` after they were moved last. Now and then those that have come into
   * sight find what room is left: who is shown stays, with the number that it had, so that nothing flickers.
   */
  follow(eye: LabelEye, sinceMs: number): void {
    this.#sinceMs += sinceMs
    this.#placed.length = 0
    for (const entry of this.#shown) if (this.#place(entry, eye)) this.#move(entry)
    if (++this.#moves < decideEvery && this.#sinceMs < decideEveryMs) return
    this.#moves = 0
    this.#sinceMs = 0
    for (const entry of this.#ordered) if (!entry.shown) this.#place(entry, eye)
    for (const { label, others } of this.#decide(eye)) if (!label.shown) this.#show(label, others)
  }

  #place(entry: Entry, eye: LabelEye): boolean {
    if (!eye.project(entry.label.at, entry)) return false
    entry.y -= 14
    this.#placed.push(entry)
    return true
  }

  #decide(eye: LabelEye): readonly ShownLabel<Entry>[] {
    const shown = declutter(this.#placed, eye.size.width, eye.size.height, undefined, eye.covered)
    this.#round++
    for (const { label } of shown) label.round = this.#round
    for (const entry of this.#shown) if (entry.round !== this.#round) this.#hide(entry)
    this.#shown = shown.map((s) => s.label)
    if (this.#nodes > spareNodes + shown.length) for (const entry of this.#ordered) if (!entry.shown) this.#drop(entry)
    return shown
  }

  #take(label: SceneLabel): void {
    const known = this.#entries.get(label.id)
    const { priority, group } = label
    if (known) {
      // What reads the same is not written again.
      if (!sameWords(known.label, label)) Object.assign(known, sizeOf(label))
      else if (known.written === known.label) known.written = label
      Object.assign(known, { label, priority, group })
    } else
      this.#entries.set(label.id, {
        id: label.id,
        label,
        node: undefined,
        shown: false,
        round: 0,
        others: 0,
        written: undefined,
        detail: undefined,
        words: undefined,
        drawnX: Number.NaN,
        drawnY: Number.NaN,
        x: 0,
        y: 0,
        priority,
        group,
        ...sizeOf(label),
      })
  }

  #show(entry: Entry, others: number): void {
    const node = entry.node ?? this.#create(entry)
    this.#write(entry, node, others)
    if (!entry.shown) {
      entry.shown = true
      node.style.opacity = '1'
    }
    this.#move(entry)
  }

  #move(entry: Entry): void {
    const x = Math.round(entry.x)
    const y = Math.round(entry.y)
    if (!entry.node || (x === entry.drawnX && y === entry.drawnY)) return
    entry.drawnX = x
    entry.drawnY = y
    // Browsers read this form without their whole parser.
    entry.node.style.transform = `translate(${x}px, ${y}px)`
  }

  #hide(entry: Entry): void {
    entry.shown = false
    if (entry.node) entry.node.style.opacity = '0'
  }

  #drop(entry: Entry): void {
    if (!entry.node) return
    entry.node.remove()
    const none = undefined
    Object.assign(entry, { node: none, detail: none, words: none, shown: false, written: none, drawnX: Number.NaN })
    this.#nodes--
  }

  #write(entry: Entry, node: HTMLElement, others: number): void {
    const { label } = entry
    if (entry.others === others && entry.written === label) return
    if (entry.written !== label) {
      node.replaceChildren()
      entry.detail = undefined
      if (label.badge) node.append(mark(label.badge))
      node.append(filled(label.strong || label.badge ? this.#blank.strong : this.#blank.plain, label.text))
      if (label.badge || entry.written?.badge) node.style.borderColor = label.badge?.color ?? this.#line
    }
    entry.written = label
    entry.others = others
    this.#writeDetail(entry, node, others > 0 ? `+${others}` : label.detail)
  }

  /** How many a label stands for changes with every look of a moving eye: then only the number is written. */
  #writeDetail(entry: Entry, node: HTMLElement, text: string | undefined): void {
    if (text === undefined) {
      entry.detail?.remove()
      entry.detail = undefined
    } else if (entry.detail && entry.words) entry.words.data = text
    else {
      entry.detail = filled(this.#blank.detail, text)
      entry.words = entry.detail.firstChild as Text
      node.append(entry.detail)
    }
  }

  #create(entry: Entry): HTMLElement {
    const node = this.#blank.label.cloneNode() as HTMLElement
    node.dataset.label = entry.id
    this.#host.append(node)
    this.#nodes++
    entry.node = node
    return node
  }

  dispose(): void {
    for (const entry of this.#entries.values()) this.#drop(entry)
    this.#entries.clear()
    this.#ordered = []
    this.#shown = []
  }
}

function sameWords(a: SceneLabel, b: SceneLabel): boolean {
  return (
    a.text === b.text &&
    a.detail === b.detail &&
    a.strong === b.strong &&
    a.badge?.shape === b.badge?.shape &&
    a.badge?.color === b.badge?.color
  )
}

function mark({ shape, color }: { readonly shape: string; readonly color: string }): SVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  svg.setAttribute('viewBox', '0 0 16 16')
  svg.style.cssText = 'width:12px;height:12px;margin:-1px 6px -1px 0;vertical-align:-1px'
  path.setAttribute('d', shape)
  path.setAttribute('fill', color)
  path.setAttribute('fill-rule', 'evenodd')
  svg.append(path)
  return svg
}

/** Labels come and go as the eye moves: their style is read once, and copied. */
interface Blanks {
  readonly label: HTMLElement
  readonly plain: HTMLElement
  readonly strong: HTMLElement
  readonly detail: HTMLElement
}

function blanks(document: Document, ink: string, paper: string, line: string): Blanks {
  const styled = (tag: 'div' | 'span', css: string) => {
    const node = document.createElement(tag)
    node.style.cssText = css
    if (tag === 'span') node.append('')
    return node
  }
  return {
    label: styled(
      'div',
      'position:absolute;left:0;top:0;white-space:nowrap;pointer-events:none;opacity:0;transition:opacity 120ms;' +
        `font:12px/1 var(--font, system-ui);padding:5px 8px;border-radius:7px;border:1px solid ${line};` +
        `color:${ink};background:${paper};translate:-50% -100%;will-change:transform`,
    ),
    plain: styled('span', 'font-weight:500'),
    strong: styled('span', 'font-weight:600'),
    detail: styled('span', 'margin-left:6px;opacity:.72;font-variant-numeric:tabular-nums'),
  }
}

function filled(blank: HTMLElement, text: string): HTMLElement {
  const node = blank.cloneNode(true) as HTMLElement
  ;(node.firstChild as Text).data = text
  return node
}

/** Reckoned rather than measured: measuring would force a layout in every frame. */
function sizeOf(label: SceneLabel): { readonly width: number; readonly height: number } {
  const text = `${label.text}${label.detail ?? ''}`
  let width = 20 + (label.badge ? 16 : 0) + (label.detail === undefined ? 0 : 6)
  // Room for the number of those it may come to stand for.
  if (label.group !== undefined) width += 22
  for (const letter of text) width += (letter.codePointAt(0) ?? 0) > 0x2e80 ? 12.2 : 6.7
  return { width, height: 24 }
}
