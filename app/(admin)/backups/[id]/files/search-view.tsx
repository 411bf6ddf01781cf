import { ChevronRight, SearchX } from 'lucide-react'
import Link from 'next/link'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { countedHits, type SearchPage } from '@/core/contents/list-contents'
import { EntriesTable } from './entries-table'
import { RestoreSelection } from './restore-selection'
import { filesHref } from './search'

/** What was found, each with the folders that lead to it. */
export function SearchView({
  backupId,
  text,
  hits,
  operates,
}: {
  backupId: string
  text: string
  hits: SearchPage
  operates: boolean
}) {
  return (
    <>
      <p className="mb-3 text-muted text-sm" role="status">
        {amountOf(hits.total)} for “{text}”
        {[...text].length < 3 &&
          '. With less than three characters only whole names, and their beginnings and ends, are found'}
      </p>
      <RestoreSelection key={`${text} ${hits.entries[0]?.id}`} backupId={backupId}>
        <Card flush>
          {hits.entries.length === 0 ? (
            <EmptyState icon={<SearchX aria-hidden />} title="Nothing has such a name">
              Names are found by any part of them, in capitals or not. A slash stands between a folder and what lies in
              it.
            </EmptyState>
          ) : (
            <EntriesTable backupId={backupId} entries={hits.entries} operates={operates} />
          )}
        </Card>
      </RestoreSelection>
      {hits.next !== null && (
        <nav aria-label="Pages" className="mt-4 flex justify-end">
          <Button asChild size="sm">
            <Link href={filesHref(backupId, { q: text, after: hits.next })}>
              More
              <ChevronRight aria-hidden />
            </Link>
          </Button>
        </nav>
      )}
    </>
  )
}

function amountOf(total: number): string {
  if (total > countedHits) return `More than ${countedHits.toLocaleString('en-GB')} entries`
  return `${total.toLocaleString('en-GB')} ${total === 1 ? 'entry' : 'entries'}`
}
