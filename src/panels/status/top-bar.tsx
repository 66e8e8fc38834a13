import { Button, IconButton } from '../../ui/button.tsx'
import { BrandMark } from '../../ui/icon.tsx'
import { usePreferences, useText } from '../../ui/preferences.tsx'
import { ScenarioMenu } from '../records/scenario-menu.tsx'
import { SiteName } from '../sites/site-switch.tsx'
import { useFormat, useSiteSecond, useTwin } from '../use-twin.ts'
import { FaultsDrawer } from './faults-drawer.tsx'
import { LinkMark } from './link-mark.tsx'
import { LoopNumbersStrip } from './loop-numbers.tsx'

/** Brand, place and time, the loop in numbers, and what is set per person. */
export function TopBar() {
  const text = useText()
  return (
    <section className="top-bar" aria-label={text.top.region}>
      <div className="brand">
        <BrandMark />
        <h1 className="brand-name">ParkLoop</h1>
      </div>
      <SiteIdentity />
      <LoopNumbersStrip />
      <div className="top-actions">
        <LinkMark />
        <ScenarioMenu />
        <FaultsDrawer />
        <PreferenceButtons />
      </div>
    </section>
  )
}

function SiteIdentity() {
  const site = useTwin((state) => state.site)
  return (
    <div className="site-identity">
      <SiteName />
      {site && <SiteTime />}
    </div>
  )
}

function SiteTime() {
  const text = useText()
  const format = useFormat()
  const nowMs = useSiteSecond()
  const { simulated, speed } = useTwin((state) => state.clock)
  return (
    <span className="site-time">
      <span className="visually-hidden">{text.top.siteClock}</span>
      <time dateTime={new Date(nowMs).toISOString()}>
        {format.date(nowMs)} <b>{format.clock(nowMs)}</b>
      </time>
      <span className="site-speed">
        {simulated ? text.top.simulatedAt(`×${format.number(speed, Number.isInteger(speed) ? 0 : 1)}`) : text.top.live}
      </span>
    </span>
  )
}

function PreferenceButtons() {
  const text = useText()
  const { language, theme, setLanguage, setTheme } = usePreferences()
  return (
    <>
      <Button
        tone="quiet"
        small
        aria-label={text.top.languageLabel}
        onClick={() => setLanguage(language === 'en' ? 'zh' : 'en')}
      >
        {text.top.language}
      </Button>
      <IconButton
        icon={theme === 'dark' ? 'sun' : 'moon'}
        label={theme === 'dark' ? text.top.toLight : text.top.toDark}
        onClick={() => setTheme(theme === 'dark' ? 'light' : 'dark')}
      />
    </>
  )
}
