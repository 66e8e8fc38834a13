import './hud.css'
import { type RefCallback, useMemo } from 'react'
import { useStore } from 'zustand'
import type { Twin } from '../../twin/twin.ts'
import { createFormat } from '../../ui/i18n/format.ts'
import { usePreferences, useText } from '../../ui/preferences.tsx'
import { type SceneCover, uncovered } from '../framing.ts'
import type { SelectionStore } from '../selection.ts'
import type { ViewStore } from '../view-state.ts'
import { Announcer } from './announcer.tsx'
import { Breadcrumb } from './breadcrumb.tsx'
import { Compass } from './compass.tsx'
import { HudContext } from './hud-context.tsx'
import { LayerMenu } from './layer-menu.tsx'
import { Legend } from './legend.tsx'
import { type FrameSource, LookThrough } from './look-through.tsx'
import { Minimap } from './minimap.tsx'
import { SelectionBand, SelectionSummary } from './selection-summary.tsx'
import { StoreyControl } from './storey-control.tsx'
import { HomeButton, ViewMenu } from './view-menu.tsx'

export interface SceneHudProps {
  readonly twin: Twin
  readonly selection: SelectionStore
  readonly views: ViewStore
  readonly frames: FrameSource
  /** Free of panels is what this leaves; the HUD stays inside. */
  readonly cover: SceneCover | undefined
  /** Told of each piece that lies over the picture, so that labels stay clear of it. */
  readonly covers: RefCallback<Element>
  readonly phone: boolean
}

/** What lies over the picture: where one is, what is shown and what its colours mean. Nothing in it follows frames through React. */
export function SceneHud({ twin, selection, views, frames, cover = uncovered, covers, phone }: SceneHudProps) {
  const text = useText()
  const { language } = usePreferences()
  const site = useStore(twin.store, (state) => state.site)
  const through = useStore(views, (state) => state.through)
  const offset = site?.geo.utcOffsetMinutes ?? 0
  const format = useMemo(() => createFormat(language, offset), [language, offset])
  const value = useMemo(
    () => ({ twin, selection, views, format, language }),
    [twin, selection, views, format, language],
  )
  if (!site) return null
  const { top, right, bottom, left } = cover.insets
  return (
    <HudContext value={value}>
      {through !== undefined && <LookThrough key={through} cameraId={through} frames={frames} insets={cover.insets} />}
      <SelectionBand />
      <section
        className={phone ? 'hud hud-phone' : hudClass(cover)}
        aria-label={text.hud.title}
        style={{ inset: `${top}px ${right}px ${bottom}px ${left}px` }}
      >
        <div className="hud-top">
          <div className="hud-place" ref={covers}>
            <Breadcrumb site={site} />
          </div>
          <div className="hud-tools" ref={covers}>
            <LayerMenu />
            <ViewMenu site={site} />
            <HomeButton />
            <Compass />
          </div>
        </div>
        <SelectionSummary />
        <div className="hud-side" ref={covers}>
          <StoreyControl site={site} />
        </div>
        <div className="hud-foot">
          <div className="hud-legend" ref={covers}>
            <Legend />
          </div>
          {!phone && (
            <div className="hud-map" ref={covers}>
              <Minimap site={site} />
            </div>
          )}
        </div>
        <Announcer />
      </section>
    </HudContext>
  )
}

/** A dock that is folded leaves a small button at its edge. */
function hudClass({ insets }: SceneCover): string {
  const folds = [
    insets.bottom === 0 && 'hud-over-fold',
    insets.left === 0 && 'hud-beside-fold',
    insets.right === 0 && 'hud-before-fold',
  ]
  return ['hud', ...folds].filter(Boolean).join(' ')
}
