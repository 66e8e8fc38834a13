import type { ReactNode } from 'react'

interface SectionProps {
  readonly title: string
  readonly aside?: ReactNode
  readonly children: ReactNode
}

/** A titled part of a panel; a region with the title as its name. */
export function Section({ title, aside, children }: SectionProps) {
  return (
    <section className="section" aria-label={title}>
      <header className="section-head">
        <h3 className="section-title">{title}</h3>
        {aside}
      </header>
      {children}
    </section>
  )
}

/** Says what is going on where there is nothing to show. */
export function EmptyState({ title, body }: { readonly title: string; readonly body?: string }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {body !== undefined && <p className="empty-body">{body}</p>}
    </div>
  )
}

/** A share of a whole as a bar; the figure stands beside it in text. */
export function Meter({ fraction, tone = 'accent' }: { readonly fraction: number; readonly tone?: string }) {
  const width = `${Math.max(0, Math.min(1, Number.isFinite(fraction) ? fraction : 0)) * 100}%`
  return (
    <span className="meter" aria-hidden="true">
      <span className="meter-fill" style={{ width, background: `var(--${tone})` }} />
    </span>
  )
}
