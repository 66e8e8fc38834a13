import type { Fault } from '../../platform/faults.ts'
import { Chip } from '../../ui/badge.tsx'
import { Drawer } from '../../ui/dialog.tsx'
import { wordOf, wordText } from '../../ui/i18n/language.ts'
import { Icon } from '../../ui/icon.tsx'
import { EmptyState } from '../../ui/layout.tsx'
import { useText } from '../../ui/preferences.tsx'
import { usePorts } from '../ports.tsx'
import { useFormat, useSiteSecond, useTwin } from '../use-twin.ts'

const tones = { info: 'low', warning: 'medium', error: 'critical' } as const

export function FaultsDrawer() {
  const text = useText()
  const faults = useTwin((state) => state.faults)
  const worst = faults.some((fault) => fault.severity === 'error') ? 'error' : faults.length > 0 ? 'warning' : 'none'
  return (
    <Drawer
      title={text.faults.title}
      closeLabel={text.common.close}
      trigger={
        <button
          type="button"
          className={`button button-quiet button-small faults-button faults-${worst}`}
          aria-label={text.faults.open(faults.length)}
        >
          <Icon name="fault" />
          {faults.length > 0 && <span>{faults.length}</span>}
        </button>
      }
    >
      {faults.length === 0 ? (
        <EmptyState title={text.faults.none} body={text.faults.noneBody} />
      ) : (
        <ul className="fault-list">
          {[...faults].reverse().map((fault) => (
            <FaultItem key={fault.key} fault={fault} />
          ))}
        </ul>
      )}
    </Drawer>
  )
}

function FaultItem({ fault }: { readonly fault: Fault }) {
  const text = useText()
  const format = useFormat()
  const { clock } = usePorts()
  // Ages grow while the drawer stays open.
  useSiteSecond()
  return (
    <li className="fault">
      <div className="fault-head">
        <Chip tone={tones[fault.severity]}>{text.faults.severity[fault.severity]}</Chip>
        <b>{wordText(text.faults.codes, fault.code)}</b>
        <span className="fault-count">{text.faults.count(fault.count)}</span>
      </div>
      <p className="fault-key">{fault.key}</p>
      {fault.detail !== '' && <p className="fault-detail">{fault.detail}</p>}
      <p className="fault-tip">{wordOf(text.faults.tips, fault.code) ?? text.faults.anyTip}</p>
      <p className="fault-time">
        {text.common.since(format.dateTime(fault.sinceMs))},{' '}
        {text.faults.last(format.age(clock.nowMs() - fault.lastMs))}
      </p>
    </li>
  )
}
