import { expect, test } from 'vitest'
import { isOwnPage } from './own-page.ts'

test.each([
  ['the page itself', { host: 'localhost:4173', origin: 'http://localhost:4173' }, '127.0.0.1', true],
  ['a program that is no page', { host: '127.0.0.1:4173' }, '127.0.0.1', true],
  ['a stranger’s page', { host: '127.0.0.1:4173', origin: 'https://stranger.example' }, '127.0.0.1', false],
  [
    'a stranger’s name for loopback',
    { host: 'evil.example:4173', origin: 'http://evil.example:4173' },
    '127.0.0.1',
    false,
  ],
  ['a page on an open address', { host: 'park.lan:4173', origin: 'http://park.lan:4173' }, '0.0.0.0', true],
  ['no host at all', {}, '127.0.0.1', false],
])('%s', (_, headers, listenHost, expected) => {
  expect(isOwnPage({ headers }, listenHost)).toBe(expected)
})
