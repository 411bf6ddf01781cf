import { formatBytes } from '@/components/format-bytes'
import type { RestorePreview, TreePreview } from '@/protocol/restore-preview'
import { SettingTable } from './setting-table'

const changes = ['added', 'changed', 'removed', 'same'] as const
const words = { added: 'New', changed: 'Changed', removed: 'Taken away', same: 'The same' } as const
const kinds = { files: 'Folders and files', config: 'Configuration files' } as const

/** What a restore in place changes, in counts, with the first names of each kind. */
export function PreviewTables({ preview: { trees, counts, collections, settings } }: { preview: RestorePreview }) {
  return (
    <div className="space-y-6">
      {trees.map((tree, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
        <section key={index} className="space-y-3">
          <h3 className="font-medium text-sm">
            {kinds[tree.kind]} <span className="font-normal text-muted">({tree.artifact})</span>
          </h3>
          <Counts counts={tree.counts} bytes={tree.bytes} />
          {(['added', 'changed', 'removed'] as const).map((change) => (
            <Names key={change} change={change} tree={tree} />
          ))}
        </section>
      ))}
      {trees.length > 0 && (
        <p className="text-muted text-sm">
          Told apart by kind, size, time, mode, owner and link target. Content is compared once it was fetched, before
          anything is exchanged.
        </p>
      )}
      {collections.length > 0 && (
        <section className="space-y-3">
          <h3 className="font-medium text-sm">Collections</h3>
          <Counts counts={counts} />
          <ul className="space-y-1 text-sm">
            {collections.map(({ database, collection, change, now, after }) => (
              <li key={`${database}.${collection}`} className="flex flex-wrap gap-x-3">
                <span className="min-w-0 break-all font-mono text-xs leading-5">
                  {database}.{collection}
                </span>
                <span>{words[change]}</span>
                <span className="text-muted tabular-nums">
                  {inDocuments(now)} → {inDocuments(after)}
                </span>
              </li>
            ))}
          </ul>
          <p className="text-muted text-sm">
            Every document is compared. Views are made again, and are not counted here.
          </p>
        </section>
      )}
      {settings.length > 0 && <SettingTable settings={settings} />}
    </div>
  )
}

function inDocuments(count: number | null): string {
  return count === null ? 'not there' : `${count.toLocaleString('en-GB')} ${count === 1 ? 'document' : 'documents'}`
}

function Counts({ counts, bytes }: { counts: RestorePreview['counts']; bytes?: TreePreview['bytes'] }) {
  return (
    <dl className="grid grid-cols-2 gap-3 sm:grid-cols-4">
      {changes.map((change) => (
        <div key={change} data-change={change}>
          <dt className="text-muted text-xs">{words[change]}</dt>
          <dd className="font-medium tabular-nums">{counts[change].toLocaleString('en-GB')}</dd>
          {bytes && change !== 'same' && <dd className="text-muted text-xs">{formatBytes(bytes[change])}</dd>}
        </div>
      ))}
    </dl>
  )
}

function Names({ change, tree }: { change: 'added' | 'changed' | 'removed'; tree: TreePreview }) {
  const [names, count] = [tree.named[change], tree.counts[change]]
  if (count === 0) return null
  return (
    <details>
      <summary className="w-fit cursor-pointer py-1 text-sm">
        {words[change]}: {names.length < count ? `the first ${names.length} of ` : ''}
        {count.toLocaleString('en-GB')}
      </summary>
      <ul className="mt-1 space-y-0.5">
        {names.map((name, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: names that were cut may be the same
          <li key={index} className="break-all font-mono text-xs">
            <bdi>{name}</bdi>
          </li>
        ))}
      </ul>
    </details>
  )
}
