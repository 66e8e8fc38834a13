import { Button as BaseButton } from '@base-ui/react/button'
import type { ComponentProps } from 'react'
import { Icon, type IconName } from './icon.tsx'
import { Tooltip } from './tooltip.tsx'

interface ButtonProps extends Omit<ComponentProps<typeof BaseButton>, 'className'> {
  readonly tone?: 'plain' | 'primary' | 'danger' | 'quiet'
  readonly small?: boolean
  readonly icon?: IconName
}

export function Button({ tone = 'plain', small = false, icon, children, ...rest }: ButtonProps) {
  return (
    <BaseButton className={`button button-${tone}${small ? ' button-small' : ''}`} {...rest}>
      {icon && <Icon name={icon} size={14} />}
      {children}
    </BaseButton>
  )
}

interface IconButtonProps extends Omit<ComponentProps<typeof BaseButton>, 'className' | 'aria-label'> {
  readonly icon: IconName
  /** Accessible name, also shown as the tip. */
  readonly label: string
}

export function IconButton({ icon, label, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label}>
      <BaseButton className="button button-quiet button-icon" aria-label={label} {...rest}>
        <Icon name={icon} />
      </BaseButton>
    </Tooltip>
  )
}
