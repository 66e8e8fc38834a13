import { Chip } from '../../ui/badge.tsx'
import { useText } from '../../ui/preferences.tsx'
import { RoomFigures } from '../environment/room-figures.tsx'
import { useRoom, useStaleWords } from '../environment/use-rooms.ts'

export function ZoneSummary({ zoneId }: { readonly zoneId: string }) {
  const text = useText()
  const room = useRoom(zoneId)
  const staleWords = useStaleWords()
  if (!room) return null
  const stale = staleWords(room)
  return (
    <div className="zone-summary">
      <p className="room-flags">
        {stale !== undefined && <Chip>{stale}</Chip>}
        {room.flags.length === 0 && stale === undefined && <Chip tone="good">{text.environment.ok}</Chip>}
        {room.flags.map((flag) => (
          <Chip key={flag} tone={flag === 'fire' ? 'critical' : 'medium'}>
            {text.environment[flag]}
          </Chip>
        ))}
        {room.occupied !== undefined && (
          <Chip>{room.occupied >= 0.5 ? text.environment.occupied : text.environment.vacant}</Chip>
        )}
      </p>
      <RoomFigures room={room} />
    </div>
  )
}
