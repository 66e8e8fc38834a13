import { Group } from 'three'
import type { CommandRecord } from '../../contract/decision.ts'
import type { TwinState } from '../../twin/twin.ts'
import { MarkerMesh, type MarkerShape } from '../data-layers/marker-mesh.ts'
import type { SitePoint } from '../frames.ts'
import type { ScenePalette } from '../palette.ts'
import { whereIs } from '../scene-index.ts'
import type { Belief, StageLayer } from '../stage-layer.ts'
import type { LayerContext } from './layer.ts'

export const commandStages = ['waiting', 'verified', 'failed'] as const
export type CommandStage = (typeof commandStages)[number]

export interface CommandBadge {
  readonly device: string
  readonly at: SitePoint
  readonly stage: CommandStage
}

/** Wall time that an ended command stays on its thing: long enough to be seen, short enough not to be taken for news. */
const shownForMs: Readonly<Record<CommandStage, number>> = {
  waiting: Number.POSITIVE_INFINITY,
  verified: 20_000,
  failed: 90_000,
}
const mostBadges = 60
const shapes: Readonly<Record<CommandStage, MarkerShape>> = { waiting: 'ring', verified: 'disc', failed: 'cross' }

export function commandStage({ state }: CommandRecord): CommandStage {
  if (state === 'verified') return 'verified'
  const open = state === 'publishing' || state === 'sent' || state === 'acknowledged'
  return open ? 'waiting' : 'failed'
}

/** The newest command of each device, while it is under way and shortly after. */
export function standingCommands(
  commands: readonly CommandRecord[],
  now: { readonly siteMs: number; readonly speed: number },
): Map<string, CommandStage> {
  const newest = new Map<string, CommandRecord>()
  for (const command of commands) {
    const known = newest.get(command.device)
    if (!known || command.issuedAtMs >= known.issuedAtMs) newest.set(command.device, command)
  }
  const standing = new Map<string, CommandStage>()
  for (const [device, command] of newest) {
    const stage = commandStage(command)
    const ageMs = (now.siteMs - (command.settledAtMs ?? command.issuedAtMs)) / Math.max(1, now.speed)
    if (ageMs < shownForMs[stage] && standing.size < mostBadges) standing.set(device, stage)
  }
  return standing
}

export function stageColor(stage: CommandStage, palette: ScenePalette): string {
  return { waiting: palette.accent, verified: palette.good, failed: palette.critical }[stage]
}

/** Commands under way, verified and failed, on the very thing that they were sent to. */
export class CommandLayer implements StageLayer {
  readonly object = new Group()
  readonly #context: LayerContext
  readonly #marks = new MarkerMesh()
  #badges: readonly CommandBadge[] = []
  #commands: TwinState['commands'] = []

  constructor(context: LayerContext) {
    this.#context = context
    this.object.add(this.#marks.mesh)
  }

  get badges(): readonly CommandBadge[] {
    return this.#badges
  }

  sync({ state }: Belief): void {
    if (state.commands === this.#commands && this.#badges.length === 0) return
    this.#commands = state.commands
    const now = { siteMs: state.siteNowMs, speed: state.clock.speed }
    const standing = standingCommands(state.commands, now)
    const { index, palette, host } = this.#context
    const before = this.#badges.map((b) => `${b.device}${b.stage}`).join()
    this.#badges = [...standing].flatMap(([device, stage]) => {
      const at = state.devices.get(device)?.birth.pose?.at ?? whereIs(index, { kind: 'device', id: device })?.at
      return at ? [{ device, stage, at: [at[0], at[1], at[2] + 1] as const }] : []
    })
    if (before === this.#badges.map((b) => `${b.device}${b.stage}`).join()) return
    this.#marks.reserve(this.#badges.length)
    for (const [i, { at, stage }] of this.#badges.entries())
      this.#marks.set(i, { at, color: rgb255(stageColor(stage, palette)), shape: shapes[stage], sizePx: 16 })
    this.#marks.count = this.#badges.length
    host.redraw('commands')
  }

  dispose(): void {
    this.#marks.dispose()
    this.object.removeFromParent()
  }
}

function rgb255(color: string): readonly [number, number, number] {
  const part = (from: number) => Number.parseInt(color.slice(from, from + 2), 16)
  return [part(1), part(3), part(5)]
}
