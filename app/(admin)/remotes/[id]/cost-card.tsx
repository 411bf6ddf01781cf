import Link from 'next/link'
import { formatBytes } from '@/components/format-bytes'
import { Card } from '@/components/ui/card'
import { Fact, FactList } from '@/components/ui/fact-list'
import { Notice } from '@/components/ui/notice'
import { getRemoteCost, type PlannedCost } from '@/core/remotes/get-cost'

const count = (value: number) => value.toLocaleString('en-US')

/** What the plans that write to a remote will cost there, before and after their first run. */
export async function CostCard({ remoteId }: { remoteId: string }) {
  const cost = await getRemoteCost(remoteId, { bytes: formatBytes, count })
  if (!cost) return null
  const { bytesPerMonth, keptBytes, callsPerMonth, allowance, warnings, plans } = cost
  return (
    <Card
      className="max-w-3xl"
      title="What it will cost"
      description="By the latest backups and the retention of each plan, for the 90 days to come."
    >
      <div className="space-y-4">
        <FactList>
          {plans.map((plan) => (
            <Fact key={plan.id} label={plan.name}>
              <Link href={`/plans/${plan.id}`} className="underline-offset-4 hover:underline">
                {sizeWords(plan)}
              </Link>
              , {plan.runsPerMonth} times a month
            </Fact>
          ))}
          <Fact label="Sent in a month">{formatBytes(bytesPerMonth)}</Fact>
          <Fact label="Kept at most">
            {formatBytes(keptBytes)}
            {allowance?.quotaBytes && ` of ${formatBytes(allowance.quotaBytes)}`}
          </Fact>
          {callsPerMonth !== null && <Fact label="API calls in a month">about {count(callsPerMonth)}</Fact>}
        </FactList>
        {warnings.length > 0 && (
          <Notice tone="warning" title="Look at this before it runs">
            <ul className="list-disc space-y-1 pl-5 text-text">
              {warnings.map((warning) => (
                <li key={warning}>{warning}</li>
              ))}
            </ul>
          </Notice>
        )}
      </div>
    </Card>
  )
}

function sizeWords({ bytesEach, isEstimate }: PlannedCost['plans'][number]): string {
  if (bytesEach === null) return 'Size unknown: check its sources, or let it run once'
  return isEstimate ? `At most ${formatBytes(bytesEach)}, uncompressed` : `${formatBytes(bytesEach)} each`
}
