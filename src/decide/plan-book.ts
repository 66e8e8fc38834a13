/** Plans and their life. Terminal ones give way when there are too many. */
import type { Incident, Plan } from '../contract/decision.ts'
import { isNewer, isPlanOver } from './life.ts'
import { type Claim, planScore, type Weighed, weigh } from './optimiser.ts'
import type { PlanDraft } from './playbooks/playbook.ts'
import { inChinese, inEnglish, say } from './zones.ts'

const capacity = 200

export class PlanBook {
  readonly #plans = new Map<string, Plan>()

  get(id: string | undefined): Plan | undefined {
    return id === undefined ? undefined : this.#plans.get(id)
  }

  list(): readonly Plan[] {
    return [...this.#plans.values()]
  }

  countFor(incidentId: string): number {
    return this.list().filter((plan) => plan.incidentId === incidentId).length
  }

  put(plan: Plan): void {
    this.#plans.set(plan.id, plan)
    if (this.#plans.size <= capacity) return
    const oldest = this.list().find((other) => isPlanOver(other.state)) ?? this.list()[0]
    if (oldest) this.#plans.delete(oldest.id)
  }

  /** Takes over another console's version if it is newer; returns whether it was. */
  merge(plan: Plan): boolean {
    const known = this.#plans.get(plan.id)
    if (known && !isNewer(plan, known)) return false
    this.put(plan)
    return true
  }
}

export function planFromDraft(
  draft: PlanDraft,
  incident: Incident,
  serial: number,
  claims: readonly Claim[],
  nowMs: number,
): { readonly plan: Plan; readonly weighed: Weighed } {
  const score = planScore(incident.kind, incident.confidence, draft.expected.costSaved)
  const weighed = weigh(draft.steps, score, claims)
  const note = conflictNote(weighed, score)
  const plan: Plan = {
    id: `plan-${incident.id}-${serial}`,
    incidentId: incident.id,
    playbook: draft.playbook,
    state: 'proposed',
    title: draft.title,
    reason: say(`${inEnglish(draft.reason)} ${note.en}`, `${inChinese(draft.reason)}${note.zh}`),
    steps: [...weighed.steps],
    expected: draft.expected,
    proposedAtMs: nowMs,
    updatedAtMs: nowMs,
    revision: 1,
  }
  return { plan, weighed }
}

function conflictNote({ yielded, overrides }: Weighed, score: number): { readonly en: string; readonly zh: string } {
  const [to] = yielded
  const [over] = overrides
  const up = to
    ? {
        en: ` ${yielded.length} step(s) yield to ${to.to.playbook} (${to.to.score}).`,
        zh: `${yielded.length} 步让位于${to.to.playbook}（${to.to.score}）。`,
      }
    : { en: '', zh: '' }
  const down = over
    ? {
        en: ` Overrides ${over.playbook} (${over.score}) on ${overrides.length} point(s).`,
        zh: `优先于${over.playbook}（${over.score}）${overrides.length} 个点位。`,
      }
    : { en: '', zh: '' }
  return { en: `Score ${score}.${up.en}${down.en}`, zh: `评分 ${score}。${up.zh}${down.zh}` }
}

/** Gives back what a plan had set, once its reason is over. */
export function releaseDraft(plan: Plan): PlanDraft {
  const reason = say('Back to what it was before', '恢复原值')
  const steps = plan.steps.flatMap(({ device, point, value, previous }) =>
    previous === undefined ? [] : [{ device, point, value: previous, previous: value, reason }],
  )
  return {
    playbook: 'release',
    title: say(`Give back: ${inEnglish(plan.title)}`, `恢复：${inChinese(plan.title)}`),
    reason: say('The dear hours are over; nothing needs to be held back any more.', '高价时段已结束，无需继续限制。'),
    steps: [...steps].reverse(),
    expected: {},
  }
}
