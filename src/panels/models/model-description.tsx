import { useId, useState } from 'react'
import { wordOf } from '../../ui/i18n/language.ts'
import { Select } from '../../ui/inputs.tsx'
import { useText } from '../../ui/preferences.tsx'
import { fittings, type QuickFields, quickFields, scalings, simpleLayouts, withQuickFields } from './manifest-edit.ts'

interface ModelDescriptionProps {
  readonly text: string
  onText(text: string): void
}

/** How the model is fed and read: the usual choices as fields, the whole `model.json` below them. */
export function ModelDescription({ text, onText }: ModelDescriptionProps) {
  const words = useText().models
  const area = useId()
  const fields = quickFields(text)
  return (
    <section className="model-description" aria-label={words.description}>
      {fields && <QuickSelects fields={fields} onChange={(change) => onText(withQuickFields(text, change))} />}
      {fields && <p className="form-note">{wordOf(words.families, fields.layout) ?? ''}</p>}
      <details>
        <summary>{words.wholeText}</summary>
        <label className="visually-hidden" htmlFor={area}>
          model.json
        </label>
        <textarea
          id={area}
          className="input model-json"
          spellCheck={false}
          rows={14}
          value={text}
          onChange={(event) => onText(event.target.value)}
        />
      </details>
    </section>
  )
}

interface QuickSelectsProps {
  readonly fields: QuickFields
  onChange(change: Partial<QuickFields>): void
}

function QuickSelects({ fields, onChange }: QuickSelectsProps) {
  const words = useText().models
  const simple = simpleLayouts.some((layout) => layout === fields.layout)
  const layouts = simple ? simpleLayouts : [fields.layout]
  const choices = [
    {
      label: words.layout,
      value: fields.layout,
      options: layouts.map((value) => ({ value, label: wordOf(words.layouts, value) ?? value })),
      change: (layout: string) => onChange({ layout }),
    },
    {
      label: words.scaling,
      value: fields.scaling ?? '',
      options: scalings.map((value) => ({ value, label: words.scalings[value] })),
      change: (next: string) => onChange({ scaling: scalings.find((name) => name === next) ?? 'unit' }),
    },
    {
      label: words.channels,
      value: fields.channelOrder,
      options: ['RGB', 'BGR'].map((value) => ({ value, label: value })),
      change: (channelOrder: string) => onChange({ channelOrder }),
    },
    {
      label: words.fitting,
      value: fields.fitting,
      options: fittings.map((value) => ({ value, label: words.fittings[value] })),
      change: (next: string) => onChange({ fitting: fittings.find((name) => name === next) ?? 'centre' }),
    },
  ]
  return (
    <>
      <div className="model-choices">
        {choices.map(({ label, value, options, change }) => (
          <div className="field" key={label}>
            <span className="field-label">{label}</span>
            <Select label={label} value={value} options={options} onChange={change} />
          </div>
        ))}
      </div>
      <ClassMap value={fields.classMap} onChange={(classMap) => onChange({ classMap })} />
    </>
  )
}

/** Typed freely; the description follows when the field is left. */
function ClassMap({ value, onChange }: { readonly value: string; onChange(value: string): void }) {
  const words = useText().models
  const field = useId()
  const [draft, setDraft] = useState<string | undefined>()
  return (
    <div className="field">
      <label htmlFor={field}>{words.classMap}</label>
      <textarea
        id={field}
        className="input"
        rows={3}
        spellCheck={false}
        placeholder={'bus = truck\ndog ='}
        value={draft ?? value}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={() => {
          if (draft !== undefined && draft !== value) onChange(draft)
          setDraft(undefined)
        }}
      />
    </div>
  )
}
