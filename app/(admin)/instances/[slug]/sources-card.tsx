import { FolderTree, Plus } from 'lucide-react'
import Link from 'next/link'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import type { SourceListItem } from '@/core/instances/get-instance'
import { describeSource, sourceKinds } from './sources/source-kinds'

export function SourcesCard({
  instanceSlug,
  sources,
  hasWorker,
  mayChange,
}: {
  instanceSlug: string
  sources: SourceListItem[]
  hasWorker: boolean
  mayChange: boolean
}) {
  const add = mayChange && hasWorker && (
    <Button asChild size="sm" variant={sources.length ? 'secondary' : 'primary'}>
      <Link href={`/instances/${instanceSlug}/sources/new`}>
        <Plus aria-hidden />
        Add a source
      </Link>
    </Button>
  )
  return (
    <Card title="Sources" actions={sources.length > 0 && add} flush>
      {sources.length === 0 ? (
        <EmptyState icon={<FolderTree aria-hidden />} title="No source yet" action={add}>
          {hasWorker
            ? 'A source is something to back up: MongoDB, a directory tree, or configuration files.'
            : 'A source belongs to a worker, so enrol one first.'}
        </EmptyState>
      ) : (
        <Table caption="Sources">
          <TableHead>
            <TableHeader>Source</TableHeader>
            <TableHeader>What it reads</TableHeader>
            <TableHeader>Worker</TableHeader>
            <TableHeader>Plans</TableHeader>
          </TableHead>
          <TableBody>
            {sources.map((source) => {
              const { icon: Icon, label } = sourceKinds[source.kind]
              return (
                <TableRow key={source.id}>
                  <TableCell>
                    <div className="flex items-center gap-3">
                      <Icon className="size-4.5 shrink-0 text-muted" aria-hidden />
                      <div className="min-w-0">
                        <SourceName href={mayChange ? `/instances/${instanceSlug}/sources/${source.slug}` : null}>
                          {source.slug}
                        </SourceName>
                        <div className="text-muted text-xs">{label}</div>
                      </div>
                    </div>
                  </TableCell>
                  <TableCell label="What it reads">
                    <span className="line-clamp-2 break-all font-mono text-xs">
                      {describeSource(source.kind, source.settings)}
                    </span>
                  </TableCell>
                  <TableCell label="Worker">
                    {source.worker.slug}
                    {source.worker.state === 'revoked' && <span className="text-bad"> (revoked)</span>}
                  </TableCell>
                  <TableCell label="Plans">
                    {source.plans.length ? (
                      source.plans.map(({ name }) => name).join(', ')
                    ) : (
                      <span className="text-warning">none: not backed up</span>
                    )}
                  </TableCell>
                </TableRow>
              )
            })}
          </TableBody>
        </Table>
      )}
    </Card>
  )
}

/** A link for those who may open the source's form. */
function SourceName({ href, children }: { href: string | null; children: string }) {
  if (!href) return <span className="break-words font-medium">{children}</span>
  return (
    <Link href={href} className="break-words rounded-sm font-medium hover:underline">
      {children}
    </Link>
  )
}
