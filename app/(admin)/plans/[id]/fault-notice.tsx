import Link from 'next/link'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import type { PlanFault } from '@/core/plans/plan-faults'

/** Why the plan cannot run, each with the way out. */
export function FaultNotice({ faults, mayRepair }: { faults: PlanFault[]; mayRepair: boolean }) {
  if (faults.length === 0) return null
  return (
    <Notice tone="bad" title="This plan cannot run">
      <ul className="space-y-3 text-text">
        {faults.map(({ text, action, href }) => (
          <li key={text} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
            <span className="min-w-0 flex-1 basis-64">{text}</span>
            {mayRepair && (
              <Button asChild size="sm">
                <Link href={href}>{action}</Link>
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Notice>
  )
}
