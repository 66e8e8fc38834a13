import { describe, expect, it } from 'vitest'
import type { Incident, Plan } from '../contract/decision.ts'
import { siteTopics } from '../contract/topics.ts'
import { mostPerSweep, Retention, retentionMs } from './retention.ts'

const topics = siteTopics('campus')
const dayLaterMs = 1000 + retentionMs
const nothingOpen = () => false

function incident(id: string, state: Incident['state'] = 'closed'): Incident {
  const times = { openedAtMs: 0, updatedAtMs: 1000, ...(state === 'closed' && { closedAtMs: 1000 }) }
  const about = { kind: 'fire', priority: 'high', subject: 'x', confidence: 1, stages: {} } as const
  return { id, state, ...about, ...times, evidence: [], revision: 1 }
}

function plan(state: Plan['state']): Plan {
  const words = { title: '', reason: '', playbook: 'fire', steps: [], expected: {} }
  return { id: 'p', incidentId: 'i', state, ...words, proposedAtMs: 0, updatedAtMs: 1000, revision: 1 }
}

function watched() {
  const taken: string[] = []
  let heard = true
  const takeBack = async (topic: string) => {
    taken.push(topic)
    return heard
  }
  const loseLink = () => {
    heard = false
  }
  return { taken, loseLink, retention: new Retention({ topics, takeBack }) }
}

describe('what the broker keeps of the past', () => {
  it('goes a day after it ended, once, and what is open stays', () => {
    const { retention, taken } = watched()
    retention.noteIncident(incident('over'))
    retention.noteIncident(incident('open', 'active'))
    retention.sweep(dayLaterMs - 1, 0, nothingOpen)
    expect(taken).toEqual([])
    retention.sweep(dayLaterMs, 1000, nothingOpen)
    retention.sweep(dayLaterMs, 2000, nothingOpen)
    expect(taken).toEqual([topics.alarm('over')])
  })

  it('goes in bounded batches, a second apart', () => {
    const { retention, taken } = watched()
    for (let i = 0; i < mostPerSweep + 5; i++) retention.noteIncident(incident(`i-${i}`))
    retention.sweep(dayLaterMs, 0, nothingOpen)
    retention.sweep(dayLaterMs, 500, nothingOpen)
    expect(taken).toHaveLength(mostPerSweep)
    retention.sweep(dayLaterMs, 1000, nothingOpen)
    expect(new Set(taken).size).toBe(mostPerSweep + 5)
  })

  it('is a plan only when it is over and its incident is, too', () => {
    const { retention, taken } = watched()
    retention.notePlan(plan('executing'))
    retention.sweep(dayLaterMs, 0, nothingOpen)
    retention.notePlan(plan('expired'))
    retention.sweep(dayLaterMs, 1000, (planId, incidentId) => planId === 'p' && incidentId === 'i')
    expect(taken).toEqual([])
    retention.sweep(dayLaterMs, 2000, nothingOpen)
    expect(taken).toEqual([topics.plan('p')])
  })

  it('is tried again where the broker did not hear it', async () => {
    const { retention, taken, loseLink } = watched()
    loseLink()
    retention.noteIncident(incident('over'))
    retention.sweep(dayLaterMs, 0, nothingOpen)
    await Promise.resolve()
    await Promise.resolve()
    retention.sweep(dayLaterMs, 1000, nothingOpen)
    expect(taken).toHaveLength(2)
  })
})
