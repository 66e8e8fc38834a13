import { useText } from '../../ui/preferences.tsx'
import { useFormat } from '../use-twin.ts'
import type { Room } from './rooms-model.ts'

export function RoomFigures({ room }: { readonly room: Room }) {
  const text = useText()
  const format = useFormat()
  const say = (value: number | undefined, unit: string, digits: number) =>
    value === undefined ? '–' : `${format.number(value, digits)} ${unit}`
  return (
    <dl className="room-figures">
      <div>
        <dt>{text.environment.temperature}</dt>
        <dd>{say(room.temperatureC, '°C', 1)}</dd>
      </div>
      <div>
        <dt>{text.environment.co2}</dt>
        <dd>{say(room.co2Ppm, 'ppm', 0)}</dd>
      </div>
      <div>
        <dt>{text.environment.pm25}</dt>
        <dd>{say(room.pm25, 'µg/m³', 0)}</dd>
      </div>
    </dl>
  )
}
