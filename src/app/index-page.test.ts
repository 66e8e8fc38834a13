import { expect, it, vi } from 'vitest'
import page from '../../index.html?raw'

const script = /<script>([\s\S]*?)<\/script>/.exec(page)?.[1] ?? expect.fail('no script of its own')
const origin = 'https://park.example'

/** The page while it waits for its code; its host answers by now. */
function waitingPage() {
  const boot = { dataset: {}, innerHTML: 'Starting', isConnected: true }
  const reload = vi.fn()
  let fail: (event: object) => void = () => {}
  const rounds = new Set<() => void>()
  const browser = {
    addEventListener: (_: string, heard: typeof fail) => {
      fail = heard
    },
    document: { querySelector: () => (boot.isConnected ? boot : null) },
    location: { href: `${origin}/`, origin, reload },
    setInterval: (round: () => void) => {
      rounds.add(round)
      return round
    },
    clearInterval: (round: () => void) => rounds.delete(round),
    fetch: async () => ({ ok: true }),
  }
  new Function(...Object.keys(browser), script)(...Object.values(browser))
  const minute = async () => {
    for (const round of [...rounds]) round()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { boot, reload, rounds, minute, fail: (event: object) => fail(event) }
}

it('says that its code did not come, or was not understood, and asks for it again', async () => {
  for (const event of [{ target: { src: `${origin}/assets/index.js` } }, { target: {}, filename: `${origin}/a.js` }]) {
    const { boot, reload, fail, minute } = waitingPage()
    fail(event)
    fail(event)
    expect(boot.innerHTML).toContain('tries again every minute')
    expect(reload).not.toHaveBeenCalled()
    await minute()
    expect(reload).toHaveBeenCalledTimes(1)
  }
})

it('does not load a page anew that came all the same, under the hands of whoever works on it', async () => {
  const { boot, reload, rounds, fail, minute } = waitingPage()
  fail({ target: { src: `${origin}/assets/part.js` } })
  boot.isConnected = false
  for (let i = 0; i < 3; i++) await minute()
  expect(reload).not.toHaveBeenCalled()
  expect(rounds.size).toBe(0)
})

it('takes what an extension of the browser does wrong for no failure of its own', () => {
  const { boot, rounds, fail } = waitingPage()
  for (const filename of ['chrome-extension://elsewhere/content.js', '', undefined]) fail({ target: {}, filename })
  expect([boot.innerHTML, rounds.size]).toEqual(['Starting', 0])
})
