/** Two stories told by meters: a chiller left in hand for the weekend, and a hot afternoon at the dearest hour. */
import { nextLocal, type Stage, type Story } from './story.ts'

const hourMs = 3_600_000

export function tellChillerStuck(stage: Stage): Story {
  const chiller = stage.site.equipment.find((e) => e.class === 'Chiller')
  if (!chiller) throw new Error('the story needs a chiller')
  const saturdayMs = nextLocal(stage.site, stage.nowMs(), 1, [6])
  const fridayNightMs = saturdayMs - 2.5 * hourMs
  if (fridayNightMs > stage.nowMs()) stage.skipTo(fridayNightMs)
  stage.devices.hold(chiller.id, 'mode', 'on', stage.nowMs())
  stage.log(`${chiller.id} was left in hand on Friday night`)
  stage.skipTo(saturdayMs)
  const isFixed = () => stage.devices.word(chiller.id, 'mode') !== 'on'
  return {
    name: 'chiller-stuck-on',
    step() {
      if (isFixed()) stage.log(`${chiller.id} is back in ${stage.devices.word(chiller.id, 'mode')}`)
      return isFixed()
    },
    stop() {
      stage.devices.hold(chiller.id, 'mode', 'auto', stage.nowMs())
    },
  }
}

export function tellHotAfternoon(stage: Stage): Story {
  const atMs = nextLocal(stage.site, stage.nowMs(), 14, [1, 2, 3, 4, 5])
  stage.setSpell({ fromMs: atMs - 6 * hourMs, untilMs: atMs + 5 * hourMs, temperatureC: 37, cloud: 0.08 })
  stage.skipTo(atMs)
  // a busy charging afternoon belongs to the picture
  for (let i = 0; i < stage.charging.count; i++) stage.charging.plugIn(i, 26 + 3 * (i % 4), atMs + 4 * hourMs)
  stage.log('37 °C, clear sky, the dearest hours of the day')
  return {
    name: 'hot-afternoon-peak',
    step: () => stage.nowMs() > atMs + 4 * hourMs,
    stop: () => stage.setSpell(undefined),
  }
}
