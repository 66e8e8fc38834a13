import { expect, test } from 'vitest'
import { parseFlags } from './flags.ts'

test('without flags: loopback, a fixed port, a simulated park, the embedded broker', () => {
  expect(parseFlags([])).toEqual({
    ok: true,
    value: {
      port: 4173,
      host: '127.0.0.1',
      names: [],
      mqttPort: undefined,
      site: undefined,
      seed: 1,
      speed: 1,
      startMs: undefined,
      sim: true,
      broker: undefined,
    },
  })
})

test('flags win over the environment', () => {
  const parsed = parseFlags(['--port', '0', '--no-sim'], {
    PARKLOOP_PORT: '9',
    PARKLOOP_SPEED: '60',
    PARKLOOP_MQTT_PORT: '1883',
  })
  expect(parsed).toMatchObject({ ok: true, value: { port: 0, sim: false, speed: 60, mqttPort: 1883 } })
})

test('names come one by one or by commas', () => {
  const parsed = parseFlags(['--name', 'park.example, hall-3', '--name', 'park.lan'], { PARKLOOP_NAME: 'other' })
  expect(parsed).toMatchObject({ ok: true, value: { names: ['park.example', 'hall-3', 'park.lan'] } })
  expect(parseFlags([], { PARKLOOP_NAME: 'a,b' })).toMatchObject({ ok: true, value: { names: ['a', 'b'] } })
})

test.each([
  [['--prot', '1'], /--prot/],
  [['--port', 'many'], /--port must be/],
  [['--port', '70000'], /--port must be/],
  [['--speed', '0'], /--speed must be/],
  [['--start', 'yesterday'], /--start must be/],
  [['--broker', 'localhost:1883'], /--broker must be/],
  [['--broker', 'mqtt://b', '--mqtt-port', '1'], /--mqtt-port belongs/],
  [['--name', 'http://park.example:4173'], /--name must be/],
  [['extra'], /extra/],
])('%j is refused in one line', (args, line) => {
  const parsed = parseFlags(args)
  expect(parsed.ok).toBe(false)
  if (parsed.ok) return
  expect(parsed.error).toMatch(line)
  expect(parsed.error).not.toContain('\n')
})

test('help is asked for', () => {
  expect(parseFlags(['--help'])).toEqual({ ok: true, value: 'help' })
})
