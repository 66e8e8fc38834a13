import { expect, test } from 'vitest'
import { ownNames, strangeName, strangePage } from './own-page.ts'

const anywhere = ['localhost:4173', '127.0.0.1:4173', '10.1.2.3', '[::1]:4173', '[fd00::7]', 'PARK.example.:8080']
const onNetwork = ['plant', 'plant.local:4173', 'Plant.local']

test.each([
  ['127.0.0.1', anywhere, [...onNetwork, 'evil.example:4173', '127.0.0.1.evil.example', '[::1].evil.example']],
  ['127.0.0.2', anywhere, onNetwork],
  ['0.0.0.0', [...anywhere, ...onNetwork], ['evil.example', 'plant.evil.example', '10.1.2', '']],
  ['::', [...anywhere, ...onNetwork], ['evil.example:80']],
  ['Hall-3.lan', [...anywhere, ...onNetwork, 'hall-3.lan:4173'], ['hall-4.lan']],
])('listening on %s it answers to its own names only', (listenHost, own, strange) => {
  const names = ownNames(listenHost, ['park.example'], 'Plant.local')
  for (const host of own) expect([host, strangeName({ headers: { host } }, names)]).toEqual([host, undefined])
  for (const host of strange) expect([host, strangeName({ headers: { host } }, names)]).not.toContain(undefined)
})

test('a refusal says in one line what to do, and repeats nothing that is no name', () => {
  const names = ownNames('0.0.0.0', [], 'plant')
  const refusal = (host?: string) => strangeName({ headers: host === undefined ? {} : { host } }, names) ?? ''
  expect(refusal('Park.lan:4173')).toContain('start it with --name park.lan, or open it by its IP address')
  expect(refusal('$(halt)')).toContain('--name NAME')
  expect(refusal('x'.repeat(9000)).length).toBeLessThan(200)
  expect(refusal()).toMatch(/Host header/)
})

test.each([
  ['the page itself', { host: 'localhost:4173', origin: 'http://localhost:4173' }, true],
  ['the page itself behind TLS', { host: 'park.example', origin: 'https://park.example' }, true],
  ['a program that is no page', { host: '127.0.0.1:4173' }, true],
  ['a stranger’s page', { host: '127.0.0.1:4173', origin: 'https://stranger.example' }, false],
  ['a page of another port', { host: '127.0.0.1:4173', origin: 'http://127.0.0.1:8080' }, false],
  ['a page without a place', { host: '127.0.0.1:4173', origin: 'null' }, false],
])('%s', (_, headers, own) => {
  expect(strangePage({ headers }) === undefined).toBe(own)
})

test('behind a proxy that speaks of another Host, the page of a given name is the park’s own', () => {
  const headers = { host: '127.0.0.1:4173', origin: 'https://park.example:8443' }
  expect(strangePage({ headers }, ['park.example'])).toBeUndefined()
  expect(strangePage({ headers }, ['elsewhere.example'])).toContain('--name')
})
