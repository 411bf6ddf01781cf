import { Bytes } from '@/components/bytes'
import { Card } from '@/components/ui/card'
import { Fact, FactList } from '@/components/ui/fact-list'
import { Notice } from '@/components/ui/notice'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import type { BackupSummary } from '@/core/backups/summary'

const consistencyWords: Record<string, string> = {
  plain: 'each collection as of its own read',
  oplog: 'one point in time, by the oplog',
  snapshot: 'one point in time, by a snapshot',
}

const shownNamespaces = 500

/** What the manifest says is inside. */
export function ContentCard({ summary }: { summary: BackupSummary }) {
  const namespaces = Object.entries(summary.namespaces).toSorted(([a], [b]) => a.localeCompare(b))
  const trees = Object.entries(summary.trees)
  const documents = namespaces.reduce((sum, [, count]) => sum + count, 0)
  return (
    <Card title="What is inside">
      <div className="space-y-6">
        <FactList>
          {namespaces.length > 0 && (
            <Fact label="MongoDB is consistent as">{consistencyWords[summary.consistency] ?? summary.consistency}</Fact>
          )}
          <Fact label="Files changed while being read">{summary.changedFiles.toLocaleString('en-GB')}</Fact>
          <Fact label="Made with">
            {Object.entries(summary.tools).map(([tool, version]) => (
              <span key={tool} className="mr-3 inline-block">
                {tool} {version}
              </span>
            ))}
          </Fact>
        </FactList>
        {trees.length > 0 && <Trees trees={trees} />}
        {namespaces.length > 0 && (
          <details>
            <summary className="w-fit rounded-md font-medium text-sm">
              {namespaces.length.toLocaleString('en-GB')} collections with {documents.toLocaleString('en-GB')} documents
            </summary>
            <Namespaces namespaces={namespaces} />
          </details>
        )}
      </div>
    </Card>
  )
}

/** The catalogue's own copy of the facts is damaged; the backup is not. */
export function UnreadableContent() {
  return (
    <Card title="What is inside">
      <Notice tone="warning" title="What the dashboard kept of its manifest cannot be read">
        <p>
          The backup on the remote is not concerned: its own manifest has these facts, and it can be restored as usual.
          The next backup of this plan is compared with nothing.
        </p>
      </Notice>
    </Card>
  )
}

function Trees({ trees }: { trees: [string, { entries: number; bytes: number }][] }) {
  return (
    <div className="-mx-5">
      <Table caption="Directory trees">
        <TableHead>
          <TableHeader>Tree</TableHeader>
          <TableHeader>Entries</TableHeader>
          <TableHeader>Size</TableHeader>
        </TableHead>
        <TableBody>
          {trees.map(([source, { entries, bytes }]) => (
            <TableRow key={source}>
              <TableCell className="font-medium">{source}</TableCell>
              <TableCell label="Entries" className="tabular-nums">
                {entries.toLocaleString('en-GB')}
              </TableCell>
              <TableCell label="Size">
                <Bytes value={bytes} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  )
}

function Namespaces({ namespaces }: { namespaces: [string, number][] }) {
  return (
    <div className="-mx-5 mt-3">
      <Table caption="Documents per collection">
        <TableHead>
          <TableHeader>Collection</TableHeader>
          <TableHeader className="text-right">Documents</TableHeader>
        </TableHead>
        <TableBody>
          {namespaces.slice(0, shownNamespaces).map(([name, count]) => (
            <TableRow key={name}>
              <TableCell className="break-all font-mono text-xs">{name}</TableCell>
              <TableCell label="Documents" className="text-right tabular-nums">
                {count.toLocaleString('en-GB')}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {namespaces.length > shownNamespaces && (
        <p className="px-5 pt-3 text-muted text-sm">
          The first {shownNamespaces} of {namespaces.length.toLocaleString('en-GB')}.
        </p>
      )}
    </div>
  )
}
