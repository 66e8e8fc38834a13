import { expect, it } from 'vitest'
import { runningStory } from './running-story.ts'

it('offers to stop what the clock says runs, and what was started here only where the clock does not say', () => {
  expect(runningStory('room-on-fire', undefined)).toBe('room-on-fire')
  expect(runningStory('room-on-fire', 'intruder-at-dock')).toBe('room-on-fire')
  expect(runningStory(null, 'intruder-at-dock')).toBeUndefined()
  expect(runningStory('a-story-of-tomorrow', undefined)).toBeUndefined()
  expect(runningStory(undefined, 'intruder-at-dock')).toBe('intruder-at-dock')
  expect(runningStory(undefined, undefined)).toBeUndefined()
})
