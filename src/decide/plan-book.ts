/** Plans and their life. Ended ones give way when there are too many, those of open incidents last. */
import { type Incident, mostPlanSteps, type Plan, type PlanStep } from '../contract/decision.ts'
import type { LocalText } from '../contract/messages.ts'
import { isNewer, isPlanOver } from './life.ts'
import { type Claim, planScore, type Weighed, weigh } from './optimiser.ts'
import type { PlanDraft } from './playbooks/playbook.ts'
import { inChinese, inEnglish, say } from './zones.ts'

const capacity = 200

export class PlanBook {
  readonly #plans = new Map<string, Plan>()
  readonly #incidentOf: (id: string) => Incident | undefined

  constructor(incidentOf: (id: string) => Incident | undefined) {
    this.#incidentOf = incidentOf
  }

  get(id: string | undefined): Plan | undefined {
    return id === undefined ? undefined : this.#plans.get(id)
  }

  list(): readonly Plan[] {
    return [...this.#plans.values()]
  }

  for(incidentId: string): Plan[] {
    return this.list().filter((plan) => plan.incidentId === incidentId)
  }

  put(plan: Plan): void {
    this.#plans.set(plan.id, plan)
    if (this.#plans.size <= capacity) return
    const needless = this.#leastNeeded() ?? this.list()[0]
    if (needless) this.#plans.delete(needless.id)
  }

  /** Rises with every plan for an incident, also when its first ones are forgotten: an id is given once. */
  nextSerial(incidentId: string): number {
    return 1 + Math.max(0, ...this.for(incidentId).map(({ id }) => Number(id.slice(id.lastIndexOf('-') + 1)) || 0))
  }

  /**
   * What a plan of an open incident did is counted, measured and given back by the book; of an incident that was tried
   * for over and over, the oldest plan is needed least.
   */
  #leastNeeded(): Plan | undefined {
    const ended = this.list().filter(({ state }) => isPlanOver(state))
    const tries = new Map<string, number>()
    for (const { incidentId } of ended) tries.set(incidentId, (tries.get(incidentId) ?? 0) + 1)
    const need = ({ incidentId }: Plan) => {
      const state = this.#incidentOf(incidentId)?.state
      if (state === undefined) return 1
      return state === 'closed' ? 0 : 2 + 1 / (tries.get(incidentId) ?? 1)
    }
    return ended.sort((a, b) => need(a) - need(b))[0]
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
  const note = conflictNote(weighed)
  const plan: Plan = {
    id: `plan-${incident.id}-${serial}`,
    incidentId: incident.id,
    playbook: draft.playbook,
    state: 'proposed',
    title: draft.title,
    reason: say(`${inEnglish(draft.reason)}${note.en}`, `${inChinese(draft.reason)}${note.zh}`),
    steps: [...weighed.steps],
    expected: draft.expected,
    proposedAtMs: nowMs,
    updatedAtMs: nowMs,
    revision: 1,
  }
  return { plan, weighed }
}

/** What the reader must know of other plans; the scores behind it stay out of the sentence. */
function conflictNote({ yielded, overrides }: Weighed): { readonly en: string; readonly zh: string } {
  const [to] = yielded
  const [over] = overrides
  const steps = yielded.length
  const points = overrides.length
  const up = to && {
    en: ` ${steps === 1 ? 'One step is' : `${steps} steps are`} left out: the ${planName(to.to.playbook).en} matters more.`,
    zh: `已略去 ${steps} 步，让位于更重要的${planName(to.to.playbook).zh}。`,
  }
  const down = over && {
    en: ` Overrules the ${planName(over.playbook).en} at ${points === 1 ? 'one point' : `${points} points`}.`,
    zh: `在 ${points} 个点位上优先于${planName(over.playbook).zh}。`,
  }
  return { en: `${up?.en ?? ''}${down?.en ?? ''}`, zh: `${up?.zh ?? ''}${down?.zh ?? ''}` }
}

const planNames: Readonly<Record<string, { readonly en: string; readonly zh: string }>> = {
  intrusion: { en: 'intrusion plan', zh: '入侵处置方案' },
  fire: { en: 'fire plan', zh: '火警处置方案' },
  energyAnomaly: { en: 'energy plan', zh: '能耗方案' },
  peakDemand: { en: 'peak demand plan', zh: '削峰方案' },
  release: { en: 'plan that gives back', zh: '恢复方案' },
}

function planName(playbook: string): { readonly en: string; readonly zh: string } {
  return planNames[playbook] ?? { en: `plan “${playbook}”`, zh: `方案“${playbook}”` }
}

/** Gives back what was held back, the last first; `title` is that of the plan whose reason is over. */
export function releaseDraft(title: LocalText, held: readonly PlanStep[]): PlanDraft {
  const reason = say('Back to what it was before', '恢复原值')
  const steps = held.flatMap(({ device, point, value, previous }) =>
    previous === undefined ? [] : [{ device, point, value: previous, previous: value, reason }],
  )
  return {
    playbook: 'release',
    title: say(`Give back: ${inEnglish(title)}`, `恢复：${inChinese(title)}`),
    reason: say('The dear hours are over; nothing needs to be held back any more.', '高价时段已结束，无需继续限制。'),
    steps: [...steps].reverse().slice(0, mostPlanSteps),
    expected: {},
  }
}
