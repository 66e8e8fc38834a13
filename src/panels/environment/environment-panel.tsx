import { Chip } from '../../ui/badge.tsx'
import { EmptyState } from '../../ui/layout.tsx'
import { useText } from '../../ui/preferences.tsx'
import { useNames, useSelection } from '../use-twin.ts'
import { RoomFigures } from './room-figures.tsx'
import { type Room, worstFirst } from './rooms-model.ts'
import { useRooms } from './use-rooms.ts'

export function EnvironmentPanel() {
  const text = useText()
  const rooms = useRooms()
  if (rooms.length === 0) return <EmptyState title={text.environment.none} body={text.environment.noneBody} />
  const good = rooms.filter((room) => room.flags.length === 0).length
  return (
    <section className="scroll" aria-label={text.environment.title}>
      <p className="panel-note">{text.environment.summary(good, rooms.length)}</p>
      <ul className="card-list" aria-label={text.environment.worst}>
        {worstFirst(rooms).map((room) => (
          <RoomItem key={room.zoneId} room={room} />
        ))}
      </ul>
    </section>
  )
}

function RoomItem({ room }: { readonly room: Room }) {
  const text = useText()
  const names = useNames()
  const [, show] = useSelection()
  return (
    <li className="room">
      <div className="room-head">
        <button type="button" className="link-button" onClick={() => show({ kind: 'zone', id: room.zoneId })}>
          {names.zone(room.zoneId)}
        </button>
        <span className="room-flags">
          {room.flags.map((flag) => (
            <Chip key={flag} tone={flag === 'fire' ? 'critical' : 'medium'}>
              {text.environment[flag]}
            </Chip>
          ))}
          {room.occupied !== undefined && (
            <span className="room-use">
              {room.occupied >= 0.5 ? text.environment.occupied : text.environment.vacant}
            </span>
          )}
        </span>
      </div>
      <RoomFigures room={room} />
    </li>
  )
}
