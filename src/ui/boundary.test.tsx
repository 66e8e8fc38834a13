import { Suspense } from 'react'
import { prerender } from 'react-dom/static'
import { expect, it, vi } from 'vitest'
import { Boundary, fetched } from './boundary.tsx'

it('asks for code that did not arrive once again for each press of “Try again”, and never by itself', async () => {
  let host = false
  const load = vi.fn(async () => {
    if (!host) throw new Error('404')
    return ({ name }: { readonly name: string }) => <p>{name}</p>
  })
  const Part = fetched(load)
  const draw = async () => {
    const onError = vi.fn()
    const page = (
      <Suspense fallback="…">
        <Part name="curve" />
      </Suspense>
    )
    const { prelude } = await prerender(page, { onError })
    const html = await new Response(prelude).text()
    return onError.mock.calls.length > 0 ? 'failed' : html
  }
  const boundary = new Boundary({ children: null })
  const set = vi.spyOn(boundary, 'setState').mockReturnValue(undefined)
  expect(Boundary.getDerivedStateFromError()).toEqual({ failed: true })

  expect(await draw()).toBe('failed')
  host = true
  expect(await draw()).toBe('failed')
  expect(load).toHaveBeenCalledTimes(1)

  host = false
  boundary.tryAgain()
  expect(set).toHaveBeenCalledWith({ failed: false, tried: true })
  expect(await draw()).toBe('failed')
  expect(await draw()).toBe('failed')
  expect(load).toHaveBeenCalledTimes(2)

  host = true
  boundary.tryAgain()
  expect(await draw()).toContain('<p>curve</p>')
  boundary.tryAgain()
  expect(await draw()).toContain('<p>curve</p>')
  expect(load).toHaveBeenCalledTimes(3)
})
