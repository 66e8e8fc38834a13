import { useId, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { useText } from '../../ui/preferences.tsx'
import type { OpenPair } from './calibration-pairs.ts'

const fields = ['x', 'y', 'eastM', 'northM'] as const
type Field = (typeof fields)[number]

interface CalibrationFieldsProps {
  /** What clicks have given so far. */
  readonly open: OpenPair
  onGiven(part: OpenPair): void
}

/** The same points by keyboard, or from a survey: pixels and site metres. */
export function CalibrationFields({ open, onGiven }: CalibrationFieldsProps) {
  const text = useText()
  const id = useId()
  const [typed, setTyped] = useState<Partial<Record<Field, string>>>({})
  const value = (field: Field) => typed[field] ?? (open[field] === undefined ? '' : String(open[field]))
  const numbers = fields.map((field) => (value(field).trim() === '' ? Number.NaN : Number(value(field))))
  const whole = numbers.every(Number.isFinite)
  return (
    <form
      className="calibration-fields"
      onSubmit={(event) => {
        event.preventDefault()
        const [x, y, eastM, northM] = numbers as [number, number, number, number]
        if (!whole) return
        setTyped({})
        onGiven({ x, y, eastM, northM })
      }}
    >
      {fields.map((field) => (
        <div key={field} className="field">
          <label htmlFor={`${id}-${field}`}>{text.calibration.fields[field]}</label>
          <input
            id={`${id}-${field}`}
            className="input"
            inputMode="decimal"
            autoComplete="off"
            maxLength={14}
            value={value(field)}
            onChange={(event) => setTyped({ ...typed, [field]: event.target.value })}
          />
        </div>
      ))}
      <Button small type="submit" disabled={!whole}>
        {text.calibration.add}
      </Button>
    </form>
  )
}
