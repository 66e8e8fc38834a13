import { describe, expect, it } from 'vitest'
import type { PublishError, PublishRequest } from '../contract/bus.ts'
import type { ConsoleConfig } from '../contract/console-config.ts'
import type { CheckedSite } from '../contract/site-port.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { sha256Hex } from '../platform/sha256.ts'
import { SiteSwitch } from './site-switch.ts'

const checked = (length: number): CheckedSite => ({
  id: 'mine',
  name: 'Mine',
  buildings: 1,
  zones: 1,
  devices: 1,
  cameras: 0,
  bytes: new Uint8Array(length),
})

function switchWith(outcome: Result<void, PublishError> = ok(undefined)) {
  const published: PublishRequest[] = []
  const entered: string[] = []
  const config: ConsoleConfig = { brokerUrl: 'ws://broker:9001', siteId: 'any', sim: false }
  const port = new SiteSwitch({
    config,
    pageUrl: 'https://park.example/',
    clientId: 'console-1',
    publish: async (request) => {
      published.push(request)
      return outcome
    },
    enter: (id) => entered.push(id),
  })
  return { port, published, entered }
}

const file = { kind: 'file', file: new File([], 'mine.json') } as const
const address = { kind: 'address', url: 'https://files.example/mine.json' } as const

describe('another park where no host simulates', () => {
  it('is entered without a word where it is known already', async () => {
    const { port, published, entered } = switchWith()
    expect(port.takesSites).toBe(false)
    expect(await port.enter(checked(10), { kind: 'known', id: 'mine' })).toEqual(ok(undefined))
    expect(published).toEqual([])
    expect(entered).toEqual(['mine'])
  })

  it('is announced for everybody, retained, before it is entered', async () => {
    const { port, published, entered } = switchWith()
    await port.enter(checked(1000), file)
    expect(published).toMatchObject([{ topic: 'parkloop/v1/mine/site', retain: true, qos: 1 }])
    expect(published[0]?.payload.byteLength).toBe(1000)
    expect(entered).toEqual(['mine'])
  })

  it('is pointed at where its file is large and lies on the web, and refused where it lies on this machine', async () => {
    const { port, published, entered } = switchWith()
    const large = checked(2_000_000)
    expect(await port.enter(large, file)).toMatchObject({ ok: false, error: { code: 'tooLarge' } })
    expect(entered).toEqual([])
    await port.enter(large, address)
    const told: unknown = JSON.parse(new TextDecoder().decode(published[0]?.payload))
    expect(told).toEqual({ url: address.url, sha256: sha256Hex(large.bytes), name: 'Mine' })
    expect(entered).toEqual(['mine'])
  })

  it('is not entered when the broker did not take it', async () => {
    const { port, entered } = switchWith(err({ code: 'linkDown', message: 'not connected' }))
    expect(await port.enter(checked(10), file)).toMatchObject({ ok: false, error: { code: 'linkDown' } })
    expect(entered).toEqual([])
  })

  it('takes only web addresses', async () => {
    const { port } = switchWith()
    for (const url of ['file:///etc/passwd', 'javascript:alert(1)', 'park.json', ''])
      expect(await port.check({ kind: 'address', url })).toMatchObject({ ok: false, error: { code: 'badAddress' } })
  })
})
