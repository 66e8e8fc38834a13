import { useText } from '../../ui/preferences.tsx'
import { usePorts } from '../ports.tsx'
import { OtherSite } from '../sites/site-switch.tsx'
import { useTwin } from '../use-twin.ts'

/** State of the connection: shape of the dot and a word, never colour alone. */
export function LinkMark() {
  const text = useText()
  const link = useTwin((state) => state.link)
  const detail = link.phase === 'connecting' && link.attempt > 1 ? ` (${text.link.attempt(link.attempt)})` : ''
  return (
    // That the link is gone the notice says; each try to get it back would be said again and again.
    <span
      className={`link link-${link.phase}`}
      role="status"
      aria-live={link.phase === 'online' ? 'polite' : 'off'}
      title={link.url}
    >
      <span className="link-dot" aria-hidden="true" />
      <span className="link-word">
        {text.link[link.phase]}
        {detail}
      </span>
    </span>
  )
}

/** Over the scene while the link or the site is missing: what is going on and what still works. */
export function LinkNotice() {
  const text = useText()
  const phase = useTwin((state) => state.link.phase)
  const site = useTwin((state) => state.site)
  const url = useTwin((state) => state.link.url)
  const wanted = usePorts().sites?.wanted ?? 'any'
  if (phase === 'online' && site) return null
  const [title, body] =
    phase === 'online'
      ? [text.link.noSiteTitle, wanted === 'any' ? text.link.noSiteBody : text.link.noSuchSite(wanted)]
      : phase === 'idle' || (phase === 'connecting' && !site)
        ? [text.link.connectingTitle, text.link.connectingBody]
        : [text.link.offlineTitle, text.link.offlineBody]
  return (
    <div className="notice" role="status">
      <p className="notice-title">{title}</p>
      <p>{body}</p>
      {url !== '' && <p className="notice-url">{url}</p>}
      {phase === 'online' && <OtherSite />}
    </div>
  )
}
