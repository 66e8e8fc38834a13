import { useMemo } from 'react'
import type { CommandRecord } from '../../contract/decision.ts'
import { Chip } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/layout.tsx'
import { useText } from '../../ui/preferences.tsx'
import { useToast } from '../../ui/toast.tsx'
import { commandTones } from '../plans/plan-model.ts'
import { useIntents } from '../use-intents.ts'
import { useFormat, useNames, useSelection, useStamp, useTwin } from '../use-twin.ts'

const shown = 100

export function CommandLog() {
  const text = useText()
  const commands = useTwin((state) => state.commands)
  const newest = useMemo(() => [...commands].sort((a, b) => b.issuedAtMs - a.issuedAtMs).slice(0, shown), [commands])
  return (
    <section className="scroll" aria-label={text.commands.title}>
      {newest.length === 0 ? (
        <EmptyState title={text.commands.none} body={text.commands.noneBody} />
      ) : (
        <ul className="log" aria-label={text.commands.title}>
          {newest.map((command) => (
            <CommandRow key={command.id} command={command} />
          ))}
        </ul>
      )}
    </section>
  )
}

function CommandRow({ command }: { readonly command: CommandRecord }) {
  const text = useText()
  const names = useNames()
  const [, select] = useSelection()
  const stamp = useStamp()
  // What went over the wire says why in English; the plan knows it in the reader's language.
  const step = useTwin(({ plans }) =>
    plans.find(({ id }) => id === command.planId)?.steps.find(({ commandId }) => commandId === command.id),
  )
  const reason = step ? names.text(step.reason) : command.rollbackOf === undefined ? command.reason : ''
  const say = (value: CommandRecord['value']) => names.valueOf(command.device, command.point, value)
  return (
    <li className="log-row" data-command={command.id}>
      <span className="log-time">{stamp(command.issuedAtMs)}</span>
      <Chip tone={commandTones[command.state]}>{text.commands.state[command.state]}</Chip>
      <span className="log-what">
        <button type="button" className="link-button" onClick={() => select({ kind: 'device', id: command.device })}>
          {names.device(command.device)}
        </button>
        <span>{names.pointOf(command.device, command.point)}</span>
        <span>
          {command.previous !== undefined && <span className="step-from">{`${say(command.previous)} → `}</span>}
          <b>{say(command.value)}</b>
        </span>
        {command.rollbackOf !== undefined && <Chip>{text.commands.rollbackOf}</Chip>}
      </span>
      <span className="log-why">
        <Latency command={command} />
        {command.why !== undefined && <span className="log-cause">{names.why(command.why)}</span>}
        {command.state === 'diverged' && command.reported !== undefined && (
          <span>{text.commands.reported(say(command.reported))}</span>
        )}
        <span className="log-reason" title={reason}>
          {reason && `${reason} · `}
          {text.commands.by(names.who(command.issuedBy))}
        </span>
      </span>
      {command.rollbackOffered && <RollbackButton command={command} />}
    </li>
  )
}

function Latency({ command }: { readonly command: CommandRecord }) {
  const text = useText()
  const format = useFormat()
  const { acknowledgedMs, settledMs } = command.latency ?? {}
  return (
    <span className="log-latency">
      {acknowledgedMs !== undefined && <span>{text.commands.acknowledged(format.duration(acknowledgedMs))}</span>}
      {settledMs !== undefined && (
        <span>
          {command.state === 'verified'
            ? text.commands.verified(format.duration(settledMs))
            : text.commands.settled(format.duration(settledMs))}
        </span>
      )}
    </span>
  )
}

function RollbackButton({ command }: { readonly command: CommandRecord }) {
  const text = useText()
  const state = useIntents()
  const toast = useToast()
  return (
    <Button
      small
      icon="undo"
      onClick={() => {
        if (state((port) => port.rollback(command.id))) toast({ title: text.commands.rollbackDone })
      }}
    >
      {text.commands.rollback}
    </Button>
  )
}
