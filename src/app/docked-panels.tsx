import { useState } from 'react'
import { CameraWall } from '../panels/cameras/camera-wall.tsx'
import { ParkTree } from '../panels/devices/park-tree.tsx'
import { SelectedPanel } from '../panels/devices/selected-panel.tsx'
import { EnergyPanel } from '../panels/energy/energy-panel.tsx'
import { EnvironmentPanel } from '../panels/environment/environment-panel.tsx'
import { useNavigation } from '../panels/navigation.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { useText } from '../ui/preferences.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { RecordsPanel } from './records-panel.tsx'
import { useCovers } from './scene-cover.tsx'
import { WorkPanel } from './work-panel.tsx'

/** Panels at three edges of the scene, each of which can be folded away. */
export function DockedPanels() {
  const [work, setWork] = useState(true)
  const [details, setDetails] = useState(true)
  const [records, setRecords] = useState(() => window.innerHeight >= 900)
  const classes = ['dock', work && 'with-work', details && 'with-details', records && 'with-records']
  return (
    <div className={classes.filter(Boolean).join(' ')}>
      <WorkDock open={work} onToggle={setWork} />
      <DetailsDock open={details} onToggle={setDetails} />
      <RecordsDock open={records} onToggle={setRecords} />
    </div>
  )
}

interface DockProps {
  readonly open: boolean
  onToggle(open: boolean): void
}

function WorkDock({ open, onToggle }: DockProps) {
  const text = useText()
  const name = text.shell.work
  const covers = useCovers('left')
  if (!open) return <FoldedDock edge="left" icon="list" name={name} onOpen={() => onToggle(true)} />
  return (
    <aside ref={covers} className="panel panel-left" aria-label={name}>
      <WorkPanel
        actions={<IconButton icon="back" label={text.shell.hidePanel(name)} onClick={() => onToggle(false)} />}
      />
    </aside>
  )
}

function DetailsDock({ open, onToggle }: DockProps) {
  const text = useText()
  const { place, go } = useNavigation()
  const name = text.shell.details
  const covers = useCovers('right')
  if (!open) return <FoldedDock edge="right" icon="device" name={name} onOpen={() => onToggle(true)} />
  return (
    <aside ref={covers} className="panel panel-right" aria-label={name}>
      <Tabs
        label={name}
        value={place.detailTab}
        onChange={(id) => go({ detailTab: id as typeof place.detailTab })}
        actions={<IconButton icon="chevron" label={text.shell.hidePanel(name)} onClick={() => onToggle(false)} />}
        items={[
          { id: 'park', label: text.park.title, content: <ParkTree /> },
          { id: 'selected', label: text.device.title, content: <SelectedPanel /> },
          { id: 'cameras', label: text.cameras.title, content: <CameraWall /> },
          { id: 'energy', label: text.energy.title, content: <EnergyPanel /> },
          { id: 'rooms', label: text.environment.title, content: <EnvironmentPanel /> },
        ]}
      />
    </aside>
  )
}

function RecordsDock({ open, onToggle }: DockProps) {
  const text = useText()
  const name = text.shell.records
  const covers = useCovers('bottom')
  if (!open) return <FoldedDock edge="bottom" icon="command" name={name} onOpen={() => onToggle(true)} />
  return (
    <aside ref={covers} className="panel panel-bottom" aria-label={name}>
      <RecordsPanel
        actions={<IconButton icon="down" label={text.shell.hidePanel(name)} onClick={() => onToggle(false)} />}
      />
    </aside>
  )
}

interface FoldedDockProps {
  readonly edge: 'left' | 'right' | 'bottom'
  readonly icon: 'list' | 'device' | 'command'
  readonly name: string
  onOpen(): void
}

function FoldedDock({ edge, icon, name, onOpen }: FoldedDockProps) {
  const text = useText()
  return (
    <div className={`panel-folded panel-folded-${edge}`}>
      <Button tone="quiet" small icon={icon} aria-label={text.shell.showPanel(name)} onClick={onOpen}>
        {name}
      </Button>
    </div>
  )
}
