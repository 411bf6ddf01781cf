import type { Found } from './condition'
import type { WatchedPlan } from './plan-conditions'
import { spanInWords } from './words'

const dayMilliseconds = 86_400_000

/** A plan that asks for drills, and of which no backup was restored and compared for so long. Others are left in peace. */
export function oldDrill(
  { paused, drillEveryDays, lastDrillAt, createdAt }: WatchedPlan,
  name: string,
  now: Date,
): Found[] {
  if (paused || drillEveryDays === null) return []
  const since = new Date((lastDrillAt ?? createdAt).getTime() + drillEveryDays * dayMilliseconds)
  if (now < since) return []
  const asked = `The plan asks for it every ${drillEveryDays === 1 ? 'day' : `${drillEveryDays} days`}`
  return [
    {
      kind: 'drill-old',
      severity: 'warning',
      title: lastDrillAt
        ? `No backup of ${name} was restored for ${spanInWords(now.getTime() - lastDrillAt.getTime())}`
        : `No backup of ${name} was ever restored`,
      text: `${asked}, with everything compared.`,
      meaning: 'Whether all that is needed comes back, and how long that takes, is not known.',
      action: 'Open its newest backup and restore it beside; its files can be removed once they are compared.',
      since,
    },
  ]
}
