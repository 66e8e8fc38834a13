import { expect, test } from 'vitest'
import { brokerAddress } from './console-config.ts'

const config = { siteId: 'any', sim: false }

test('a path is taken on the page’s own host', () => {
  expect(brokerAddress({ ...config, brokerUrl: '/mqtt' }, 'http://127.0.0.1:4173/#x')).toBe('ws://127.0.0.1:4173/mqtt')
  expect(brokerAddress({ ...config, brokerUrl: '/mqtt' }, 'https://park.example/a/')).toBe('wss://park.example/mqtt')
})

test('a full address is kept', () => {
  expect(brokerAddress({ ...config, brokerUrl: 'wss://b.example:8084/mqtt' }, 'http://127.0.0.1/')).toBe(
    'wss://b.example:8084/mqtt',
  )
})
