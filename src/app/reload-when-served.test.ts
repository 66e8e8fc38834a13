import { expect, it, vi } from 'vitest'
import { FakeClock } from '../testing/fake-clock.ts'
import { reloadWhenServed } from './reload-when-served.ts'

it('loads the page anew a minute later at the earliest, once its host answers, and not when the page stands again', async () => {
  const clock = new FakeClock()
  const served = vi.fn(async () => false)
  const reload = vi.fn()
  const leave = reloadWhenServed(clock, served, reload)
  const pass = async (ms: number) => {
    clock.advance(ms)
    await Promise.all(served.mock.results.map(({ value }) => value))
  }
  await pass(59_000)
  expect(served).not.toHaveBeenCalled()
  await pass(121_000)
  expect(served).toHaveBeenCalledTimes(3)
  expect(reload).not.toHaveBeenCalled()
  served.mockResolvedValue(true)
  await pass(60_000)
  expect(reload).toHaveBeenCalledTimes(1)
  leave()
  await pass(600_000)
  expect(reload).toHaveBeenCalledTimes(1)
})
