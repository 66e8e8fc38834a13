import { systemClock } from '../platform/clock.ts'
import { MqttLink } from '../sense/mqtt-link.ts'
import { StartError } from './start-error.ts'

const withinMs = 8000

/** Connects once and says goodbye; throws a `StartError` when the broker cannot be reached. */
export async function probeBroker(url: string): Promise<void> {
  let settle: (problem: string | undefined) => void = () => {}
  const outcome = new Promise<string | undefined>((resolve) => {
    settle = resolve
  })
  const link = new MqttLink({
    url,
    clientId: `parkloop-probe-${process.pid}`,
    clock: systemClock,
    onState: ({ phase, detail }) => {
      if (phase === 'online') settle(undefined)
      else if (phase === 'offline' || phase === 'failed') settle(detail ?? phase)
    },
    onMessage: () => {},
  })
  const cancel = systemClock.after(withinMs, () => settle(`no answer within ${withinMs / 1000} s`))
  link.start()
  const problem = await outcome
  cancel()
  const shown = link.state.url
  await link.dispose()
  if (problem !== undefined) throw new StartError(`cannot reach the broker ${shown}: ${problem}`)
}
