import type { EquipmentInput, SiteInput } from './shapes.ts'

type Points = NonNullable<EquipmentInput['points']>

/** Lists of points that at least this many devices have in common are worth a name. */
const worthSharing = 4

/** Names the lists of points that many devices share, so that a large file says them once. */
export function sharePoints(equipment: readonly EquipmentInput[]): Pick<SiteInput, 'pointSets' | 'equipment'> {
  const byText = new Map<string, { readonly points: Points; readonly brickClass: string; count: number; id: string }>()
  const textOf = new Map<Points, string>()
  const texts = equipment.map(({ points = [], class: brickClass }) => {
    const text = textOf.get(points) ?? JSON.stringify(points)
    textOf.set(points, text)
    const key = `${brickClass} ${text}`
    const known = byText.get(key)
    if (known) known.count++
    else byText.set(key, { points, brickClass, count: 1, id: '' })
    return key
  })
  const used = new Map<string, number>()
  const shared = [...byText.values()].filter((set) => set.count >= worthSharing && set.points.length > 0)
  for (const set of shared) {
    const base = set.brickClass.toLowerCase().replace(/[^a-z0-9]+/g, '-')
    const again = used.get(base) ?? 0
    used.set(base, again + 1)
    set.id = again === 0 ? base : `${base}-${again + 1}`
  }
  return {
    pointSets: shared.map(({ id, points }) => ({ id, points })),
    equipment: equipment.map((item, i) => {
      const set = byText.get(texts[i] as string)
      if (!set || set.id === '') return item
      const { points: _said, ...rest } = item
      return { ...rest, pointSet: set.id }
    }),
  }
}
