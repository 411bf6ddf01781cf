import { Download } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Fact, FactList } from '@/components/ui/fact-list'
import type { Reconciliation } from '@/protocol/reconciliation'
import { WhatList } from './what-list'

/** Whether the database and the files that came back belong together. */
export function ReconciliationCard({
  restoreId,
  reconciliation,
}: {
  restoreId: string
  reconciliation: Reconciliation
}) {
  const { checked, elsewhere, absentCount, absent, strayCount, stray } = reconciliation
  const href = `/api/restores/${restoreId}/reconciliation`
  return (
    <Card
      title="Database and files"
      description={
        absentCount === 0
          ? 'All that Girder’s database names in the restored trees is there.'
          : 'Girder’s database names what is not there: opening it fails. What users deleted while the backup ran is among it.'
      }
    >
      <FactList>
        <Fact label="Looked at">
          {count(checked)} paths{elsewhere > 0 && `, and ${count(elsewhere)} that lie in none of the restored trees`}
        </Fact>
        <Fact label="Absent">
          {count(absentCount)}
          {absent.length > 0 && <WhatList what={absent} />}
        </Fact>
        <Fact label="Homes that no document names">
          {count(strayCount)}
          {stray.length > 0 && <WhatList what={stray} />}
        </Fact>
      </FactList>
      {absent.length + stray.length > 0 && (
        <div className="mt-4 flex flex-wrap gap-2">
          <Button asChild>
            <a href={href} download>
              <Download aria-hidden />
              JSON
            </a>
          </Button>
          <Button asChild>
            <a href={`${href}?format=csv`} download>
              <Download aria-hidden />
              CSV
            </a>
          </Button>
        </div>
      )}
    </Card>
  )
}

const count = (number: number) => number.toLocaleString('en-GB')
