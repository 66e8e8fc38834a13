import { describe, expect, it } from 'vitest'
import { buildCampus } from '../../site/campus/campus.ts'
import type { TwinDevice } from '../../twin/twin.ts'
import { en } from '../../ui/i18n/en.ts'
import { createFormat } from '../../ui/i18n/format.ts'
import { zh } from '../../ui/i18n/zh.ts'
import { createNames } from '../names.ts'
import { detailWords } from './audit-words.ts'

const site = buildCampus()
const devices = new Map<string, TwinDevice>(
  site.equipment.map(({ id, name, class: brickClass, points }) => {
    const birth = { id, name, class: brickClass, points, at: 1e12 }
    return [id, { id, birth, points: {}, online: true }]
  }),
)

function say(language: 'en' | 'zh', subject: string, detail: string): string {
  const text = language === 'en' ? en : zh
  const names = createNames({ language, text, format: createFormat(language, 480), site, devices })
  return detailWords(text, names, subject, detail)
}

describe('a line of the record', () => {
  it('tells of an incident in the reader’s language', () => {
    const detail = 'energyAnomaly; high; confidence 0.87'
    expect(say('en', 'inc-1', detail)).toBe(
      `${en.incidents.kind.energyAnomaly} · ${en.incidents.priority.high} · confidence 87%`,
    )
    expect(say('zh', 'inc-1', detail)).toBe(
      `${zh.incidents.kind.energyAnomaly} · ${zh.incidents.priority.high} · 置信度 87%`,
    )
  })

  it('tells of a command by its value, why it ended and the reason for it, without ids', () => {
    const detail = 'value=true; why=noAck; plan=plan-1; reason=night round; cmd-00ff'
    const words = say('en', 'dock-lights/on', detail)
    expect(words).toMatch(/^on · .+ · night round$/)
    expect(words).not.toMatch(/cmd-|plan-1|noAck/)
  })

  it('leaves words of people as they are', () => {
    expect(say('en', 'plan-1', 'too loud at night')).toBe('too loud at night')
  })
})
