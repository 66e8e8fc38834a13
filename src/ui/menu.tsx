import { Menu as Base } from '@base-ui/react/menu'
import type { ReactElement, ReactNode } from 'react'
import { Icon } from './icon.tsx'

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

interface Choice<Id extends string> {
  readonly id: Id
  readonly label: ReactNode
  readonly mark?: ReactNode
}

interface ChoiceMenuProps<Id extends string> {
  readonly trigger: ReactElement
  readonly value: Id
  readonly groups: readonly { readonly heading: string; readonly choices: readonly Choice<Id>[] }[]
  onChoose(id: Id): void
}

/** One of several, in groups; arrow keys walk through all of them. */
export function ChoiceMenu<Id extends string>({ trigger, value, groups, onChoose }: ChoiceMenuProps<Id>) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={8} align="end" className="layer-menu">
          <Base.Popup className="menu choice-menu">
            <Base.RadioGroup value={value} onValueChange={(id: Id) => onChoose(id)}>
              {groups.map(({ heading, choices }) => (
                <Base.Group key={heading}>
                  <Base.GroupLabel className="menu-heading">{heading}</Base.GroupLabel>
                  {choices.map((choice) => (
                    <Base.RadioItem key={choice.id} value={choice.id} closeOnClick className="menu-item choice-item">
                      <span className="choice-mark">{choice.mark}</span>
                      <span className="menu-label">{choice.label}</span>
                      <Base.RadioItemIndicator className="choice-check">
                        <Icon name="check" size={12} />
                      </Base.RadioItemIndicator>
                    </Base.RadioItem>
                  ))}
                </Base.Group>
              ))}
            </Base.RadioGroup>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
