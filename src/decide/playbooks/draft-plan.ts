import { planEnergyAnomaly } from './energy-anomaly.ts'
import { planFire } from './fire.ts'
import { planIntrusion } from './intrusion.ts'
import { planPeakDemand } from './peak-demand.ts'
import { planPlaceRule } from './place-rules.ts'
import type { PlanDraft, PlaybookContext } from './playbook.ts'

/** The playbook for the kind of incident; none for a lost device, which only a person can mend. */
export function draftPlan(context: PlaybookContext): PlanDraft | undefined {
  switch (context.incident.kind) {
    case 'intrusion':
      return planIntrusion(context)
    case 'fire':
      return planFire(context)
    case 'energyAnomaly':
      return planEnergyAnomaly(context)
    case 'peakDemand':
      return planPeakDemand(context)
    case 'deviceLost':
      return undefined
    default:
      return planPlaceRule(context, context.incident.kind)
  }
}
