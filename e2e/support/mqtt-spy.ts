import mqtt from 'mqtt'

export interface SpiedMessage {
  readonly topic: string
  readonly text: string
  readonly retain: boolean
  readonly receivedMs: number
}

export interface MqttSpy {
  readonly messages: readonly SpiedMessage[]
  /** JSON of all messages whose topic ends with `suffix`, in order of arrival. */
  json(suffix: string): Record<string, unknown>[]
  publish(topic: string, payload: string, retain?: boolean): Promise<void>
  close(): Promise<void>
}

/** A second client on the same broker: what really crossed the wire. Telemetry and world truth are left out. */
export async function spyOn(url: string): Promise<MqttSpy> {
  const client = await mqtt.connectAsync(url, { protocolVersion: 4, reconnectPeriod: 0 })
  const messages: SpiedMessage[] = []
  client.on('message', (topic, payload, packet) => {
    messages.push({ topic, text: payload.toString(), retain: packet.retain, receivedMs: performance.now() })
  })
  const channels = [
    'device/+/command',
    'device/+/ack',
    'device/+/state',
    'device/+/availability',
    'alarm/+',
    'plan/+',
    'audit',
    'scenario',
    'clock',
  ]
  await client.subscribeAsync(channels.map((channel) => `parkloop/v1/+/${channel}`))
  return {
    messages,
    json: (suffix) =>
      messages.filter((m) => m.topic.endsWith(suffix)).map((m) => JSON.parse(m.text) as Record<string, unknown>),
    publish: async (topic, payload, retain = false) => {
      await client.publishAsync(topic, payload, { retain, qos: 1 })
    },
    close: () => client.endAsync(true),
  }
}
