import { useState } from 'react'
import type { PointDescriptor, PointValue } from '../../contract/messages.ts'
import { isBooleanPoint, valueFromNumeric } from '../../contract/point-values.ts'
import type { TwinDevice } from '../../twin/twin.ts'
import { Chip } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { wordOf } from '../../ui/i18n/language.ts'
import { Select, Slider, Switch } from '../../ui/inputs.tsx'
import { useText } from '../../ui/preferences.tsx'
import { commandTones } from '../plans/plan-model.ts'
import { usePorts } from '../ports.tsx'
import { useIntents } from '../use-intents.ts'
import { useNames, useTwin } from '../use-twin.ts'
import { pointState } from './point-state.ts'
import { isRisky, stepOf } from './risk.ts'

interface PointControlProps {
  readonly device: TwinDevice
  readonly descriptor: PointDescriptor
}

/** Sets one writable point: a draft beside the reported value, stated as an intent on Apply. */
export function PointControl({ device, descriptor }: PointControlProps) {
  const text = useText()
  const names = useNames()
  const state = useIntents()
  const reported = useReported(device, descriptor)
  const [draft, setDraft] = useState<PointValue | undefined>()
  const [asking, setAsking] = useState(false)
  const name = names.point(descriptor)
  const shown = draft ?? reported ?? fallback(descriptor)
  const send = () => {
    setAsking(false)
    const taken = state((port) =>
      port.command({ device: device.id, point: descriptor.id, value: shown, reason: text.device.reason(name) }),
    )
    if (taken) setDraft(undefined)
  }
  const changed = draft !== undefined && draft !== reported
  return (
    <fieldset className="control" aria-label={name}>
      <span className="control-name">{name}</span>
      <Editor descriptor={descriptor} label={name} value={shown} onChange={setDraft} />
      <span className="control-foot">
        <span className="control-value">{names.value(descriptor, shown)}</span>
        <LastCommand device={device.id} point={descriptor.id} />
        <Button
          small
          tone="primary"
          disabled={!changed}
          aria-label={text.device.apply(name)}
          onClick={() => (isRisky(device.birth.class, descriptor) ? setAsking(true) : send())}
        >
          {text.common.apply}
        </Button>
      </span>
      <ConfirmDialog
        open={asking}
        title={text.device.confirmTitle}
        body={text.device.confirmBody(
          names.device(device.id),
          name,
          reported === undefined ? text.common.unknown : names.value(descriptor, reported),
          names.value(descriptor, shown),
        )}
        confirmLabel={text.device.send}
        cancelLabel={text.common.cancel}
        onConfirm={send}
        onCancel={() => setAsking(false)}
      />
    </fieldset>
  )
}

interface EditorProps {
  readonly descriptor: PointDescriptor
  readonly label: string
  readonly value: PointValue
  onChange(value: PointValue): void
}

function Editor({ descriptor, label, value, onChange }: EditorProps) {
  const text = useText()
  if (descriptor.values) {
    const options = descriptor.values.map((word) => ({ value: word, label: wordOf(text.words, word) ?? word }))
    return <Select label={label} value={String(value)} options={options} onChange={onChange} />
  }
  if (isBooleanPoint(descriptor)) return <Switch label={label} checked={value === true} onChange={onChange} />
  if (descriptor.kind === 'message')
    return (
      <input
        className="input"
        aria-label={label}
        maxLength={64}
        value={String(value)}
        placeholder={text.device.message}
        onChange={(event) => onChange(event.target.value)}
      />
    )
  const min = descriptor.min ?? 0
  const max = descriptor.max ?? 100
  return <Slider label={label} value={Number(value)} min={min} max={max} step={stepOf(min, max)} onChange={onChange} />
}

function fallback(descriptor: PointDescriptor): PointValue {
  if (descriptor.values) return descriptor.values[0] ?? ''
  if (isBooleanPoint(descriptor)) return false
  return descriptor.kind === 'message' ? '' : (descriptor.min ?? 0)
}

/** The value the device itself reported last. */
function useReported(device: TwinDevice, descriptor: PointDescriptor): PointValue | undefined {
  const { twin } = usePorts()
  useTwin((state) => state.hotVersion)
  const words = useTwin((state) => state.texts.get(`${device.id}/${descriptor.id}`))
  const index = device.points[descriptor.id]
  if (words !== undefined || index === undefined) return words
  const { value, atMs } = pointState(twin.hot, index)
  return atMs === 0 || Number.isNaN(value) ? undefined : valueFromNumeric(descriptor, value)
}

function LastCommand({ device, point }: { readonly device: string; readonly point: string }) {
  const text = useText()
  const command = useTwin((state) => state.commands.findLast((it) => it.device === device && it.point === point))
  if (!command) return null
  return <Chip tone={commandTones[command.state]}>{text.commands.state[command.state]}</Chip>
}
