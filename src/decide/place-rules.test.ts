import { describe, expect, it } from 'vitest'
import { centroid } from '../site/geometry.ts'
import { campusTime, fakeCampus } from './decide.fixture.ts'

/** A campus where nobody may stay on the plaza for more than 20 s. */
function watchedPlaza() {
  const park = fakeCampus(campusTime(3, 12), (site) => ({
    ...site,
    rules: { ...site.rules, dwell: [{ zone: 'plaza', afterS: 20 }] },
  }))
  const plaza = park.site.zones.find(({ id }) => id === 'plaza') ?? expect.fail('the campus has a plaza')
  const [eastM, northM] = centroid(plaza.polygon)
  const look = (people: number, cameraId = 'cam-plaza') =>
    park.decider.observeTracks({
      cameraId,
      capturedAtMs: park.now(),
      tracks: Array.from({ length: people }, (_, i) => ({
        id: `cam-plaza:${i}`,
        cameraId,
        className: 'person',
        score: 0.8,
        box: { x: 100, y: 60, width: 12, height: 34 },
        firstSeenMs: 0,
        lastSeenMs: park.now(),
        zoneId: 'plaza',
        world: { eastM: eastM + 2 * i, northM, sigmaM: 0.4 },
      })),
    })
  return { park, look }
}

describe('a rule of place', () => {
  it('opens one incident with its reasons, tells the guard, and lets go when it is over', () => {
    const { park, look } = watchedPlaza()
    park.pass(15_000, () => look(2))
    expect(park.decider.incidents()).toHaveLength(0)
    park.pass(30_000, () => look(2))
    expect(park.decider.incidents()).toHaveLength(1)
    expect(park.incident()).toMatchObject({ kind: 'loitering', zone: 'plaza', priority: 'medium', state: 'active' })
    expect(park.incident()?.evidence[0]?.values).toMatchObject({ rule: 'plaza', limitS: 20, className: 'person' })
    expect(park.plan()).toMatchObject({ playbook: 'loitering', state: 'proposed' })
    expect(park.plan()?.steps.some(({ point }) => point === 'message')).toBe(true)
    park.pass(100_000, () => look(0))
    expect(park.incident()?.state).toBe('returnedToNormal')
    expect(park.plan()?.state).toBe('withdrawn')
  })

  it('is taken for over half an hour after the camera that saw it broken went silent, though another looks on', () => {
    const { park, look } = watchedPlaza()
    park.pass(45_000, () => look(1))
    expect(park.incident()?.state).toBe('active')
    park.pass(1_790_000, () => look(0, 'cam-dock'))
    expect(park.incident()?.state).toBe('active')
    park.pass(20_000, () => look(0, 'cam-dock'))
    expect(park.incident()?.state).toBe('returnedToNormal')
  })

  it('is over when the camera that saw it last sees nobody, though the one that saw it first went silent', () => {
    const { park, look } = watchedPlaza()
    park.pass(45_000, () => {
      look(1)
      look(1, 'cam-dock')
    })
    expect(park.incident()?.state).toBe('active')
    park.pass(10_000, () => look(1, 'cam-dock'))
    park.pass(100_000, () => look(0, 'cam-dock'))
    expect(park.incident()?.state).toBe('returnedToNormal')
  })
})
