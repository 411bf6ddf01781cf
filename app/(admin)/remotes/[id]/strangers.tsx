import { adoptBackupsAction } from '@/app/(admin)/inspections/actions'
import { Bytes } from '@/components/bytes'
import { ConfirmButton } from '@/components/form/confirm-button'
import { Badge } from '@/components/ui/badge'
import type { FoundStranger, RemoteLooks } from '@/core/inspections/list-remote-looks'

/** What lies in an instance's folder and the catalogue does not know, and the button that takes backups among it over. */
export function Strangers({
  facts: { strangers, strangerCount, adoptable },
  values,
  mayAdopt,
}: {
  facts: RemoteLooks
  values: { instanceId: string; remoteId: string }
  mayAdopt: boolean
}) {
  if (strangerCount === 0) return null
  return (
    <section aria-label="Unknown to the catalogue" className="space-y-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h3 className="font-medium text-sm">Unknown to the catalogue: {strangerCount}</h3>
        {mayAdopt && adoptable.count > 0 && (
          <ConfirmButton
            action={adoptBackupsAction}
            values={values}
            danger={false}
            size="sm"
            title="Take these backups over?"
            question={
              <>
                <p>
                  {adoptable.signed} of {adoptable.count} {adoptable.count === 1 ? 'seems' : 'seem'} to be signed by a
                  key of this dashboard: what proves to be so becomes a backup of ours again, which retention leaves
                  alone until you say otherwise.
                </p>
                <p>All others stay foreign: they can be restored beside, and count for nothing else.</p>
              </>
            }
            confirmLabel="Take over"
          >
            Take over…
          </ConfirmButton>
        )}
      </div>
      <ul className="divide-y divide-border rounded-lg border border-border">
        {strangers.map((stranger) => (
          <StrangerLine key={stranger.id} stranger={stranger} />
        ))}
      </ul>
      {strangerCount > strangers.length && (
        <p className="text-muted text-sm">The first {strangers.length} are shown.</p>
      )}
    </section>
  )
}

function StrangerLine({ stranger: { folder, files, bytes, backup, older } }: { stranger: FoundStranger }) {
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2 text-sm">
      <span className="min-w-40 flex-1 break-all font-mono text-xs">{folder}</span>
      {backup && <Badge tone={backup.signed ? 'accent' : 'warning'}>{wordsOf(backup)}</Badge>}
      {older.length > 0 && <Badge tone="warning">backup of the older scripts</Badge>}
      <span className="text-muted">
        {files === 1 ? '1 file' : `${files} files`}, <Bytes value={bytes} />
      </span>
      {older.length > 0 && <OlderFiles older={older} />}
    </li>
  )
}

function wordsOf(backup: NonNullable<FoundStranger['backup']>): string {
  if (!backup.ofThisInstance) return 'backup of another instance'
  return backup.signed ? 'backup signed by our key' : 'backup signed by nobody we know'
}

const olderWords: Record<FoundStranger['older'][number]['holds'], string> = {
  mongodb: 'MongoDB, an archive for mongorestore',
  homes: 'homes and workspaces',
  'registered-data': 'cache of registered data',
  registry: 'images of tales',
}

/** They have neither checksums nor a list of what is in them: only reading them tells whether they are whole. */
function OlderFiles({ older }: { older: FoundStranger['older'] }) {
  return (
    <div className="w-full text-muted text-xs">
      <ul>
        {older.map(({ name, bytes, holds }) => (
          <li key={name} className="break-all">
            <span className="font-mono">{name}</span>: {olderWords[holds]}, <Bytes value={bytes} />
          </li>
        ))}
      </ul>
      <p className="mt-1">
        Known by their names. Nothing proves that they are whole, and Talekeeper deletes none of them. docs/restore.md
        says how to restore them beside, by hand.
      </p>
    </div>
  )
}
