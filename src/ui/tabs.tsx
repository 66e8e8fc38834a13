import { Tabs as Base } from '@base-ui/react/tabs'
import type { ReactNode } from 'react'
import { Boundary } from './boundary.tsx'
import { Icon, type IconName } from './icon.tsx'

interface TabItem {
  readonly id: string
  readonly label: string
  readonly icon?: IconName
  /** A small figure beside the label; nothing for 0. */
  readonly count?: number
  readonly content: ReactNode
}

interface TabsProps {
  readonly label: string
  readonly items: readonly TabItem[]
  readonly value: string
  onChange(id: string): void
  /** Beside the tabs, at the end of the row. */
  readonly actions?: ReactNode
  readonly look?: 'line' | 'bar'
}

export function Tabs({ label, items, value, onChange, actions, look = 'line' }: TabsProps) {
  return (
    <Base.Root className={`tabs tabs-${look}`} value={value} onValueChange={(next) => onChange(String(next))}>
      <div className="tabs-head">
        <Base.List className="tabs-list" aria-label={label} activateOnFocus>
          {items.map((item) => (
            <Base.Tab key={item.id} value={item.id} className="tab">
              {item.icon && <Icon name={item.icon} size={look === 'bar' ? 18 : 14} />}
              <span>{item.label}</span>
              {item.count !== undefined && item.count > 0 && <span className="tab-count">{item.count}</span>}
            </Base.Tab>
          ))}
        </Base.List>
        {actions}
      </div>
      {items.map((item) => (
        <Base.Panel key={item.id} value={item.id} className="tab-panel">
          <Boundary>{item.content}</Boundary>
        </Base.Panel>
      ))}
    </Base.Root>
  )
}
