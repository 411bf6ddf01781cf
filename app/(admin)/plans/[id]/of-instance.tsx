import Link from 'next/link'
import type { PlanDetail } from '@/core/plans/get-plan'

export function OfInstance({ plan }: { plan: Pick<PlanDetail, 'instance'> }) {
  return (
    <>
      Of{' '}
      <Link href={`/instances/${plan.instance.slug}`} className="underline underline-offset-4">
        {plan.instance.name}
      </Link>
    </>
  )
}
