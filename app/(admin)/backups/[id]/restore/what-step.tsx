import { FolderSearch, X } from 'lucide-react'
import Link from 'next/link'
import { ChoiceBox } from '@/components/form/choice-box'
import { formatBytes } from '@/components/format-bytes'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Notice } from '@/components/ui/notice'
import { type Draft, isEverything } from '@/core/restores/draft'
import { NamespaceBoxes } from './namespace-boxes'
import type { ChangeDraft, Chosen } from './restore-wizard'

const kindWords: Record<string, string> = {
  mongodb: 'MongoDB, all databases',
  files: 'Directory trees, all of them',
  config: 'Configuration files, all of them',
}

/** Stands in the address for no artifact at all: an address without any means everything. */
const noArtifact = 'none'

/** What of the backup: whole artifacts, chosen databases and collections, chosen folders and files. */
export function WhatStep({
  backupId,
  draft,
  resolved,
  change,
  canBrowse,
}: {
  backupId: string
  draft: Draft
  resolved: Chosen
  change: ChangeDraft
  canBrowse: boolean
}) {
  const { artifacts, entries, namespaces, isNothing } = resolved
  const names = artifacts.map(({ name }) => name)
  const whole = isEverything(draft) ? names : draft.artifacts.filter((name) => names.includes(name))
  const choose = (next: string[], more: Partial<Draft> = {}) => {
    const after = { ...draft, ...more }
    const isRestEmpty = after.entries.length === 0 && after.namespaces.length === 0
    const isAll = isRestEmpty && names.every((name) => next.includes(name))
    change({ ...more, artifacts: isAll ? [] : next.length === 0 && isRestEmpty ? [noArtifact] : next })
  }
  const archives = artifacts.filter(({ kind }) => kind === 'mongodb').map(({ name }) => name)
  const hasArchive = archives.some((name) => whole.includes(name))
  return (
    <Card title="1. What">
      <div className="space-y-5">
        {entries.length > 0 && (
          <ChosenEntries
            entries={entries}
            remove={(id) => choose(whole, { entries: draft.entries.filter((one) => one !== id) })}
          />
        )}
        <fieldset className="space-y-4">
          <legend className="sr-only">Artifacts</legend>
          {artifacts.map((artifact) => (
            <ChoiceBox
              key={artifact.name}
              label={kindWords[artifact.kind] ?? artifact.name}
              description={describe(artifact)}
              checked={whole.includes(artifact.name)}
              onChange={({ currentTarget: { checked } }) =>
                choose(
                  checked ? [...whole, artifact.name] : whole.filter((name) => name !== artifact.name),
                  artifact.kind === 'mongodb' ? { namespaces: [] } : {},
                )
              }
            />
          ))}
        </fieldset>
        {archives.length > 0 && namespaces.length > 0 && (
          <NamespaceBoxes
            namespaces={namespaces}
            chosen={hasArchive ? null : draft.namespaces}
            choose={(chosen, isAll) => {
              const others = whole.filter((name) => !archives.includes(name))
              choose(isAll ? [...others, ...archives] : others, { namespaces: isAll ? [] : chosen })
            }}
          />
        )}
        {canBrowse && (
          <Button asChild size="sm">
            <Link href={`/backups/${backupId}/files`}>
              <FolderSearch aria-hidden />
              {entries.length > 0 ? 'Choose other files or folders' : 'Choose one home, folder or file'}
            </Link>
          </Button>
        )}
        {isNothing && (
          <Notice tone="warning">
            <p>Nothing is chosen.</p>
          </Notice>
        )}
      </div>
    </Card>
  )
}

function ChosenEntries({ entries, remove }: { entries: Chosen['entries']; remove: (id: number) => void }) {
  return (
    <ul aria-label="Chosen files and folders" className="divide-y divide-border rounded-lg border border-border">
      {entries.map(({ id, label, isFolder, bytes, entries: count }) => (
        <li key={id} className="flex items-center gap-3 px-3 py-2 text-sm">
          <span className="min-w-0 flex-1">
            <span className="break-all font-mono text-xs">{label}</span>
            <span className="block text-muted text-xs">
              {isFolder ? `folder, ${count.toLocaleString('en-GB')} ${count === 1 ? 'entry' : 'entries'}` : 'file'},{' '}
              {formatBytes(bytes)}
            </span>
          </span>
          <Button size="icon-sm" variant="ghost" aria-label={`Leave out ${label}`} onClick={() => remove(id)}>
            <X aria-hidden />
          </Button>
        </li>
      ))}
    </ul>
  )
}

function describe({ name, rawBytes, entries, documents }: Chosen['artifacts'][number]): string {
  const amount =
    documents !== null
      ? `${documents.toLocaleString('en-GB')} documents, `
      : entries !== null
        ? `${entries.toLocaleString('en-GB')} entries, `
        : ''
  return `${amount}${formatBytes(rawBytes)} (${name})`
}
