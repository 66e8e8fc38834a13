import { useState } from 'react'
import { CameraWall } from '../panels/cameras/camera-wall.tsx'
import { ParkTree } from '../panels/devices/park-tree.tsx'
import { SelectedPanel } from '../panels/devices/selected-panel.tsx'
import { EnergyPanel } from '../panels/energy/energy-panel.tsx'
import { EnvironmentPanel } from '../panels/environment/environment-panel.tsx'
import { type Place, useNavigation } from '../panels/navigation.tsx'
import { IconButton } from '../ui/button.tsx'
import { useText } from '../ui/preferences.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { RecordsPanel } from './records-panel.tsx'
import { useCovers } from './scene-cover.tsx'
import { WorkPanel } from './work-panel.tsx'

/** Phones and upright tablets: one sheet over the lower part of the scene, its sections in a bar. */
export function SheetPanels() {
  const text = useText()
  const covers = useCovers('bottom')
  const { place, go } = useNavigation()
  const [tall, setTall] = useState(false)
  const label = tall ? text.shell.hidePanel(text.shell.details) : text.shell.showPanel(text.shell.details)
  return (
    <aside ref={covers} className={tall ? 'sheet sheet-tall' : 'sheet'} aria-label={text.shell.details}>
      <div className="sheet-grip">
        <IconButton icon={tall ? 'down' : 'up'} label={label} onClick={() => setTall(!tall)} />
      </div>
      <Tabs
        look="bar"
        label={text.shell.sections}
        value={place.section}
        onChange={(id) => go({ section: id as Place['section'] })}
        items={[
          { id: 'work', label: text.shell.work, icon: 'list', content: <WorkPanel /> },
          { id: 'park', label: text.park.title, icon: 'tree', content: <ParkTree /> },
          { id: 'selected', label: text.device.title, icon: 'device', content: <SelectedPanel /> },
          { id: 'cameras', label: text.cameras.title, icon: 'camera', content: <CameraWall /> },
          { id: 'energy', label: text.energy.title, icon: 'bolt', content: <EnergyPanel /> },
          { id: 'rooms', label: text.environment.title, icon: 'leaf', content: <EnvironmentPanel /> },
          { id: 'records', label: text.shell.records, icon: 'command', content: <RecordsPanel /> },
        ]}
      />
    </aside>
  )
}
