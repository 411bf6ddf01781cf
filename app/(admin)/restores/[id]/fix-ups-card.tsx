import { Card } from '@/components/ui/card'
import { Fact, FactList } from '@/components/ui/fact-list'
import type { FixUpLine } from '@/core/fix-up-profiles/fix-up-lines'
import type { FixUpResult } from '@/protocol/fix-ups'

/** What was changed of Girder’s database, or is going to be. */
export function FixUpsCard({ planned, results }: { planned: FixUpLine[] | null; results: FixUpResult[] | null }) {
  if (planned === null && results === null) return null
  return (
    <Card
      title="Fix-ups"
      description={
        results
          ? 'Changed in Girder’s database after the comparison.'
          : 'To be changed in Girder’s database, once it was compared with the backup.'
      }
    >
      {results ? (
        <FixUpResults results={results} />
      ) : (
        <FactList>
          {(planned ?? []).map(({ key, label, value }) => (
            <Fact key={key} label={label}>
              <span className="break-all">{value ?? 'yes'}</span>
            </Fact>
          ))}
        </FactList>
      )}
    </Card>
  )
}

export function FixUpResults({ results }: { results: FixUpResult[] }) {
  return (
    <FactList>
      {results.map(({ name, changed, before, after }) => (
        <Fact key={name} label={name}>
          <span className="break-all">
            {changed.toLocaleString('en-GB')} {changed === 1 ? 'document' : 'documents'}
            {(before !== null || after !== null) && `: ${before ?? 'nothing'} → ${after ?? 'nothing'}`}
          </span>
        </Fact>
      ))}
    </FactList>
  )
}
