/** MQTT 3.1.1 packets by hand (OASIS, 2014, §3), so that the publisher and the raw listener cost next to nothing. */

function packet(type: number, ...parts: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? lengthPrefixed(part) : part)))
  const header = [type]
  let left = body.length
  do {
    header.push((left % 128) | (left >= 128 ? 0x80 : 0))
    left = Math.floor(left / 128)
  } while (left > 0)
  return Buffer.concat([Buffer.from(header), body])
}

function lengthPrefixed(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes])
}

export function connectPacket(clientId: string): Buffer {
  return packet(0x10, 'MQTT', Buffer.from([4, 2, 0, 60]), clientId)
}

export function subscribePacket(filter: string): Buffer {
  return packet(0x82, Buffer.from([0, 1]), filter, Buffer.from([0]))
}

export function publishPacket(topic: string, payload: string, retain = false): Buffer {
  return packet(retain ? 0x31 : 0x30, topic, Buffer.from(payload))
}

export const connackBytes = 4
export const subackBytes = 5
