import Link from 'next/link'
import type { ReactNode } from 'react'
import { adoptBackupsAction } from '@/app/(admin)/inspections/actions'
import { Bytes } from '@/components/bytes'
import { ConfirmButton } from '@/components/form/confirm-button'
import { Badge } from '@/components/ui/badge'
import type { OlderPlace } from '@/core/restores/find-older-file'
import { olderRestoreHref } from '@/core/restores/older-draft'
import { olderWords } from '@/core/restores/older-words'
import type { FoundStranger, RemoteLooks } from '@/core/inspections/list-remote-looks'

/** What lies in an instance's folder and the catalogue does not know, and the button that takes backups among it over. */
export function Strangers({
  facts: { instance, strangers, strangerCount, adoptable },
  values,
  mayAdopt,
  mayRestore,
}: {
  facts: RemoteLooks
  values: { instanceId: string; remoteId: string }
  mayAdopt: boolean
  mayRestore: boolean
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
          <StrangerLine key={stranger.id} stranger={stranger}>
            {stranger.older.length > 0 && (
              <OlderFiles
                older={stranger.older}
                place={{ remoteId: values.remoteId, instanceSlug: instance.slug, day: stranger.folder }}
                mayRestore={mayRestore}
              />
            )}
          </StrangerLine>
        ))}
      </ul>
      {strangerCount > strangers.length && (
        <p className="text-muted text-sm">The first {strangers.length} are shown.</p>
      )}
    </section>
  )
}

function StrangerLine({
  stranger: { folder, files, bytes, backup, older },
  children,
}: {
  stranger: FoundStranger
  children: ReactNode
}) {
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2 text-sm">
      <span className="min-w-40 flex-1 break-all font-mono text-xs">{folder}</span>
      {backup && <Badge tone={backup.signed ? 'accent' : 'warning'}>{wordsOf(backup)}</Badge>}
      {older.length > 0 && <Badge tone="warning">backup of the older scripts</Badge>}
      <span className="text-muted">
        {files === 1 ? '1 file' : `${files} files`}, <Bytes value={bytes} />
      </span>
      {children}
    </li>
  )
}

function wordsOf(backup: NonNullable<FoundStranger['backup']>): string {
  if (!backup.ofThisInstance) return 'backup of another instance'
  return backup.signed ? 'backup signed by our key' : 'backup signed by nobody we know'
}

/** What each file holds, what can be verified of it, and the way to its restore. */
function OlderFiles({
  older,
  place,
  mayRestore,
}: {
  older: FoundStranger['older']
  place: Omit<OlderPlace, 'name'>
  mayRestore: boolean
}) {
  return (
    <div className="w-full text-muted text-xs">
      <ul className="space-y-2">
        {older.map((file) => (
          <OlderLine key={file.name} file={file} href={mayRestore ? olderRestoreHref({ ...place, ...file }) : null} />
        ))}
      </ul>
      <p className="mt-2">
        Known by their names. Nothing proves that they are whole before they are read, and Talekeeper deletes none of
        them.
      </p>
    </div>
  )
}

function OlderLine({ file, href }: { file: FoundStranger['older'][number]; href: string | null }) {
  const { holds, verified, neverHeld } = olderWords(file)
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1">
      <div className="min-w-0 flex-1 basis-60">
        <p className="break-all text-text">
          <span className="font-mono">{file.name}</span>: {holds}, <Bytes value={file.bytes} />
        </p>
        <p>
          {verified} {neverHeld}
        </p>
      </div>
      {href && (
        <Link href={href} className="text-text underline underline-offset-4">
          Restore beside…<span className="sr-only"> {file.name}</span>
        </Link>
      )}
    </li>
  )
}
