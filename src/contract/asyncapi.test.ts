import { describe, expect, it } from 'vitest'
import published from '../../docs/asyncapi.json'
import { asyncApiDocument, channels } from './asyncapi.ts'
import { parseTopic } from './topics.ts'

describe('the published contract', () => {
  it('is the one the code checks messages with', () => {
    expect(published).toEqual(JSON.parse(JSON.stringify(asyncApiDocument())))
  })

  it('names only topics that the code can read back', () => {
    for (const [name, channel] of Object.entries(channels)) {
      const topic = channel.address.replace(/\{\w+\}/g, 'some-id')
      expect(parseTopic(topic), `${name}: ${topic}`).toBeDefined()
    }
  })

  it('ignores topics that are not ours', () => {
    for (const topic of [
      'parkloop/v2/a/site',
      'parkloop/v1/A b/site',
      'homeassistant/x',
      'parkloop/v1/a/device/m1/none',
      '',
    ])
      expect(parseTopic(topic), topic).toBeUndefined()
  })
})
