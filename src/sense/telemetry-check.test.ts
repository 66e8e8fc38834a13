import fc from 'fast-check'
import { expect, test } from 'vitest'
import { validate } from '../contract/decode.ts'
import { telemetryMessage } from '../contract/messages.ts'
import { readingsOf } from './telemetry-check.ts'

const at = fc.oneof(fc.integer({ min: 946_684_800_000, max: 4_102_444_800_000 }), fc.double(), fc.string())
const key = fc.oneof(
  fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,8}$/),
  fc.string({ maxLength: 70 }),
  fc.constantFrom('constructor', 'prototype', '__proto__', 'a'.repeat(64), 'a'.repeat(65)),
)
const value = fc.oneof(
  fc.double(),
  fc.boolean(),
  fc.string({ maxLength: 70 }),
  fc.constantFrom(null, [], {}, 'x'.repeat(64), 'x'.repeat(65)),
)
const reading = fc.record(
  {
    at,
    values: fc.oneof(
      { weight: 8, arbitrary: fc.dictionary(key, value, { maxKeys: 4 }) },
      { weight: 1, arbitrary: value },
    ),
    quality: fc.oneof(
      fc.dictionary(key, fc.constantFrom('good', 'uncertain', 'bad', 'fine', 1), { maxKeys: 3 }),
      fc.constantFrom(undefined, null, 'good'),
    ),
    extra: fc.anything(),
  },
  { requiredKeys: ['at', 'values'] },
)
const message = fc.oneof(
  { weight: 6, arbitrary: reading },
  { weight: 3, arbitrary: fc.record({ readings: fc.array(reading, { maxLength: 4 }) }) },
  { weight: 1, arbitrary: fc.anything() },
)

/** What a JSON parser could have made of it. */
function throughJson(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value) ?? 'null')
  } catch {
    return null
  }
}

test('whatever passes by hand passes the schema, with the same readings', () => {
  fc.assert(
    fc.property(message, (candidate) => {
      const parsed = throughJson(candidate)
      const fast = readingsOf(parsed)
      if (!fast) return
      const checked = validate(telemetryMessage, parsed)
      expect(checked.ok).toBe(true)
      if (!checked.ok) return
      const slow = 'readings' in checked.value ? checked.value.readings : [checked.value]
      expect(fast.map(({ at, values, quality }) => ({ at, values, ...(quality && { quality }) }))).toEqual(slow)
    }),
    { numRuns: 2000 },
  )
})

test('ordinary telemetry never needs the schema', () => {
  const id = fc.stringMatching(/^[a-bd-oq-z0-9][a-z0-9._-]{0,12}$/)
  const ordinary = fc.record({
    at: fc.integer({ min: 946_684_800_000, max: 4_102_444_800_000 }),
    values: fc.dictionary(
      id,
      fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.string({ maxLength: 60 })),
    ),
    quality: fc.dictionary(id, fc.constantFrom('good', 'uncertain', 'bad')),
  })
  fc.assert(
    fc.property(fc.oneof(ordinary, fc.record({ readings: fc.array(ordinary, { maxLength: 5 }) })), (candidate) => {
      const parsed = throughJson(candidate)
      expect(validate(telemetryMessage, parsed).ok).toBe(true)
      expect(readingsOf(parsed)).toBeDefined()
    }),
  )
})

test('a batch beyond ten thousand readings is left to the schema', () => {
  const one = { at: 1_700_000_000_000, values: {} }
  expect(readingsOf({ readings: Array.from({ length: 10_000 }, () => one) })).toHaveLength(10_000)
  expect(readingsOf({ readings: Array.from({ length: 10_001 }, () => one) })).toBeUndefined()
})
