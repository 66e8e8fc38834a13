import { Button } from '../../ui/button.tsx'
import { ChoiceMenu } from '../../ui/menu.tsx'
import { useText } from '../../ui/preferences.tsx'
import { type SceneLayer, scaleOf } from '../data-layers/layer-catalogue.ts'
import { rampCss } from '../data-layers/ramps.ts'
import { useHud, useViews } from './hud-context.tsx'

const groups = {
  plain: ['none'],
  energy: ['energy', 'power'],
  air: ['temperature', 'humidity', 'co2', 'pm25', 'comfort'],
  people: ['occupancy', 'coverage'],
  systems: ['health', 'network'],
} as const satisfies Record<string, readonly SceneLayer[]>

/** Which layer is shown: one at a time, because two colours on one floor say nothing. */
export function LayerMenu() {
  const text = useText()
  const { views } = useHud()
  const layer = useViews((state) => state.layer)
  const name = text.hud.layers[layer]
  return (
    <ChoiceMenu
      value={layer}
      onChoose={(id: SceneLayer) => views.getState().show(id)}
      trigger={
        <Button small icon="layers" aria-label={text.hud.layerIs(name)}>
          <span className="hud-wide">{layer === 'none' ? text.hud.layer : name}</span>
        </Button>
      }
      groups={Object.entries(groups).map(([group, layers]) => ({
        heading: text.hud.groups[group as keyof typeof groups],
        choices: layers.map((id: SceneLayer) => ({ id, label: text.hud.layers[id], mark: <Swatch layer={id} /> })),
      }))}
    />
  )
}

function Swatch({ layer }: { readonly layer: SceneLayer }) {
  const scale = scaleOf(layer)
  return (
    <span
      className={`hud-swatch hud-swatch-${layer}`}
      style={scale && layer !== 'energy' ? { background: rampCss(scale.ramp) } : undefined}
      aria-hidden="true"
    />
  )
}
