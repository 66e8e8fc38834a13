import { useState } from 'react'
import { type ScenarioName, scenarioNames } from '../../contract/messages.ts'
import { whyNoStory } from '../../site/story-needs.ts'
import { Button } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { useText } from '../../ui/preferences.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useIntents } from '../use-intents.ts'
import { useTwin } from '../use-twin.ts'
import { runningStory } from './running-story.ts'

/** Starts and ends stories; only a simulated site has them, and of those the ones that its file has places for. */
export function ScenarioMenu() {
  const text = useText()
  const toast = useToast()
  const state = useIntents()
  const simulated = useTwin((it) => it.clock.simulated)
  const [startedHere, setStartedHere] = useState<ScenarioName | undefined>()
  const running = runningStory(
    useTwin((it) => it.clock.story),
    startedHere,
  )
  const site = useTwin((it) => it.site)
  if (!simulated || !site) return null
  const start = (name: ScenarioName) => {
    if (!state((port) => port.scenario(name, 'start'))) return
    setStartedHere(name)
    toast({ title: text.scenarios.started(text.scenarios.name[name]), body: text.scenarios.detail[name] })
  }
  const stop = (name: ScenarioName) => {
    if (!state((port) => port.scenario(name, 'stop'))) return
    setStartedHere(undefined)
    toast({ title: text.scenarios.stopped(text.scenarios.name[name]) })
  }
  const told = scenarioNames.filter((name) => whyNoStory(site, name) === undefined)
  const starts = told.map((name) => ({
    id: name,
    label: text.scenarios.name[name],
    detail: text.scenarios.detail[name],
    run: () => start(name),
  }))
  const ends = running
    ? [{ id: 'stop', label: text.scenarios.stop(text.scenarios.name[running]), run: () => stop(running) }]
    : []
  return (
    <Menu
      heading={text.scenarios.open}
      items={[...starts, ...ends]}
      trigger={
        <Button small icon="play">
          {text.scenarios.title}
        </Button>
      }
    />
  )
}
