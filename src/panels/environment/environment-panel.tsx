import { useRef } from 'react'
import { Chip } from '../../ui/badge.tsx'
import { EmptyState } from '../../ui/layout.tsx'
import { useText } from '../../ui/preferences.tsx'
import { useRowWindow } from '../../ui/use-row-window.ts'
import { useNames, useSelection } from '../use-twin.ts'
import { RoomFigures } from './room-figures.tsx'
import { type Room, worstFirst } from './rooms-model.ts'
import { useRooms, useStaleWords } from './use-rooms.ts'

/** From one row of a long list to the next; the stylesheet keeps them equally high. */
const rowPx = 88

export function EnvironmentPanel() {
  const text = useText()
  const rooms = useRooms()
  if (rooms.length === 0) return <EmptyState title={text.environment.none} body={text.environment.noneBody} />
  const good = rooms.filter((room) => room.flags.length === 0).length
  return (
    <section className="scroll" aria-label={text.environment.title}>
      <p className="panel-note">{text.environment.summary(good, rooms.length)}</p>
      <RoomList rooms={rooms} />
    </section>
  )
}

/** A district has thousands of rooms: those near the sight are drawn, each saying its place among all. */
function RoomList({ rooms }: { readonly rooms: readonly Room[] }) {
  const text = useText()
  const place = useRef<HTMLDivElement>(null)
  const { from, to } = useRowWindow(place, rooms.length, rowPx)
  const whole = to - from === rooms.length
  return (
    <div ref={place} style={{ paddingTop: from * rowPx, paddingBottom: (rooms.length - to) * rowPx }}>
      <ul className={whole ? 'card-list' : 'card-list rooms-long'} aria-label={text.environment.worst}>
        {worstFirst(rooms)
          .slice(from, to)
          .map((room, at) => (
            <RoomItem key={room.device} room={room} at={from + at} of={rooms.length} />
          ))}
      </ul>
    </div>
  )
}

interface RoomItemProps {
  readonly room: Room
  readonly at: number
  readonly of: number
}

function RoomItem({ room, at, of }: RoomItemProps) {
  const text = useText()
  const names = useNames()
  const stale = useStaleWords()(room)
  const [, show] = useSelection()
  return (
    <li className="room" aria-posinset={at + 1} aria-setsize={of}>
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
          {stale !== undefined && <span className="room-use">{stale}</span>}
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
