import { Select as BaseSelect } from '@base-ui/react/select'
import { Slider as BaseSlider } from '@base-ui/react/slider'
import { Switch as BaseSwitch } from '@base-ui/react/switch'
import { useState } from 'react'
import { Icon } from './icon.tsx'

interface SwitchProps {
  readonly label: string
  readonly checked: boolean
  onChange(checked: boolean): void
  readonly disabled?: boolean
}

export function Switch({ label, checked, onChange, disabled = false }: SwitchProps) {
  return (
    <BaseSwitch.Root
      className="switch"
      aria-label={label}
      checked={checked}
      disabled={disabled}
      onCheckedChange={(next) => onChange(next)}
    >
      <BaseSwitch.Thumb className="switch-thumb" />
    </BaseSwitch.Root>
  )
}

interface SliderProps {
  readonly label: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly step: number
  onChange(value: number): void
  readonly disabled?: boolean
}

export function Slider({ label, value, min, max, step, onChange, disabled = false }: SliderProps) {
  return (
    <BaseSlider.Root
      className="slider"
      value={value}
      min={min}
      max={max}
      step={step}
      disabled={disabled}
      onValueChange={(next) => onChange(next)}
    >
      <BaseSlider.Control className="slider-control">
        <BaseSlider.Track className="slider-track">
          <BaseSlider.Indicator className="slider-indicator" />
          <BaseSlider.Thumb className="slider-thumb" aria-label={label} />
        </BaseSlider.Track>
      </BaseSlider.Control>
    </BaseSlider.Root>
  )
}

interface SelectOption {
  readonly value: string
  readonly label: string
}

interface SelectProps {
  readonly label: string
  readonly value: string
  readonly options: readonly SelectOption[]
  onChange(value: string): void
  readonly disabled?: boolean
}

export function Select({ label, value, options, onChange, disabled = false }: SelectProps) {
  return (
    <BaseSelect.Root
      items={[...options]}
      value={value}
      disabled={disabled}
      onValueChange={(next) => {
        if (next !== null) onChange(next)
      }}
    >
      <BaseSelect.Trigger className="select" aria-label={label}>
        <BaseSelect.Value className="select-value" />
        <BaseSelect.Icon className="select-icon">
          <Icon name="down" size={12} />
        </BaseSelect.Icon>
      </BaseSelect.Trigger>
      <BaseSelect.Portal>
        <BaseSelect.Positioner className="layer-menu" sideOffset={4} alignItemWithTrigger={false}>
          <BaseSelect.Popup className="menu select-popup">
            <BaseSelect.List>
              {options.map((option) => (
                <BaseSelect.Item key={option.value} value={option.value} className="menu-item select-item">
                  <BaseSelect.ItemText>{option.label}</BaseSelect.ItemText>
                  <BaseSelect.ItemIndicator>
                    <Icon name="check" size={12} />
                  </BaseSelect.ItemIndicator>
                </BaseSelect.Item>
              ))}
            </BaseSelect.List>
          </BaseSelect.Popup>
        </BaseSelect.Positioner>
      </BaseSelect.Portal>
    </BaseSelect.Root>
  )
}

interface FilePickProps {
  /** For the label that names it. */
  readonly id: string
  readonly accept: string
  readonly chooseLabel: string
  /** Said while nothing is chosen. */
  readonly noneLabel: string
  readonly multiple?: boolean
  readonly disabled?: boolean
  onPick(files: readonly File[]): void
}

/** The browser's own field speaks the browser's language and knows no theme; it stays for keyboard and screen reader. */
export function FilePick({
  id,
  accept,
  chooseLabel,
  noneLabel,
  multiple = false,
  disabled = false,
  onPick,
}: FilePickProps) {
  const [names, setNames] = useState('')
  return (
    <span className="file-pick">
      <input
        id={id}
        className="visually-hidden"
        type="file"
        accept={accept}
        multiple={multiple}
        disabled={disabled}
        onChange={({ target }) => {
          const files = [...(target.files ?? [])]
          setNames(files.map(({ name }) => name).join(', '))
          if (files.length > 0) onPick(files)
          // so that the same file, mended, can be chosen again
          target.value = ''
        }}
      />
      <label className="button button-plain" htmlFor={id} aria-hidden="true" data-disabled={disabled || undefined}>
        {chooseLabel}
      </label>
      <span className="file-pick-names">{names === '' ? noneLabel : names}</span>
    </span>
  )
}
