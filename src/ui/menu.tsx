import { Menu as Base } from '@base-ui/react/menu'
import type { ReactElement, ReactNode } from 'react'

interface MenuItem {
  readonly id: string
  readonly label: ReactNode
  readonly detail?: ReactNode
  run(): void
}

interface MenuProps {
  readonly trigger: ReactElement
  readonly heading: string
  readonly items: readonly MenuItem[]
}

export function Menu({ trigger, heading, items }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={8} align="end" className="layer-menu">
          <Base.Popup className="menu">
            <Base.Group>
              <Base.GroupLabel className="menu-heading">{heading}</Base.GroupLabel>
              {items.map((item) => (
                <Base.Item key={item.id} className="menu-item" onClick={item.run}>
                  <span className="menu-label">{item.label}</span>
                  {item.detail && <span className="menu-detail">{item.detail}</span>}
                </Base.Item>
              ))}
            </Base.Group>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
