import { expect, it } from 'vitest'
import { createRandom } from '../../platform/random.ts'
import { buildCampus } from '../../site/campus/campus.ts'
import { Destinations, planDay } from './day-plan.ts'

it('sends nobody back to work who has gone home', () => {
  const { zones } = buildCampus()
  const destinations = new Destinations(zones)
  const home = zones.find(({ kind }) => kind === 'office')
  if (!home) throw new Error('no office')
  for (let seed = 0; seed < 5000; seed++) {
    const day = planDay(createRandom(seed), 'office', home, destinations, 0, 20_000)
    expect(day.map(({ to }) => to).indexOf('away')).toBe(day.length - 1)
    expect(day.map(({ atMs }) => atMs)).toEqual(day.map(({ atMs }) => atMs).sort((a, b) => a - b))
  }
})
