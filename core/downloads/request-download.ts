import type { SendQuestion } from '@/core/asks/ask-worker'
import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { findReadable } from '@/core/contents/find-readable'
import { withIndex } from '@/core/contents/get-contents'
import { firstNameOf } from '@/core/contents/list-contents'
import { toPlace } from '@/core/contents/place-number'
import { rawPathOf } from '@/core/contents/raw-path'
import { askForTransfer } from '@/core/transfers/ask-for-transfer'
import { db } from '@/lib/db'
import type { EntryReader, StoredEntry } from '@/lib/entry-store'
import { displayName } from '@/protocol/display-name'
import { Problem } from '@/protocol/problem'
import { openDownload } from './open-downloads'

type Wanted = {
  artifact: string
  path: string
  fileName: string
  bytes: number | null
  what:
    | Pick<Extract<SendQuestion, { question: 'send-file' }>, 'question' | 'path' | 'place' | 'size' | 'xxh128'>
    | Pick<Extract<SendQuestion, { question: 'send-folder' }>, 'question' | 'path' | 'first' | 'last'>
}

/**
 * Has a worker fetch one file, or one folder as `.tar.zst`, for the person who asks: the answer is the secret part of a link that
 * only they can follow, once. Throws Problem: of findReadable and askForTransfer, `index-not-stored`, `entry-not-found`,
 * `not-downloadable`.
 */
export async function requestDownload(actor: Actor, backupId: string, entryId: number): Promise<{ token: string }> {
  const backup = await findReadable(backupId)
  const wanted = await withIndex(backupId, (reader) => toWanted(reader, entryId))
  if (!wanted) throw indexNotStored()
  const { artifact, path, fileName, bytes, what } = wanted
  await db().$transaction((transaction) =>
    recordAuditEvent(transaction, {
      actor,
      action: 'backup.download',
      subject: { kind: 'backup', id: backupId },
      instanceId: backup.instanceId,
      detail: { artifact, path, folder: what.question === 'send-folder' },
    }),
  )
  const asked = askForTransfer(backup.worker.id, { ...what, artifact, ...backup.reading })
  return { token: openDownload({ userId: actor.id ?? '', fileName, bytes }, asked) }
}

function toWanted(reader: EntryReader, entryId: number): Wanted {
  const path = reader.pathTo(entryId)
  const [artifact] = path
  const entry = path.at(-1)
  if (!artifact || !entry)
    throw new Problem({ code: 'entry-not-found', text: 'There is no such entry.', action: 'Load the page again.' })
  const named = { artifact: displayName(artifact.name), path: path.slice(1).map(labelOf).join('/') }
  if (entry.isFolder) {
    const { first, last } = reader.totals(entry.id)
    return {
      ...named,
      fileName: `${labelOf(entry).replace(/\.tar\.zst$/, '')}.tar.zst`,
      bytes: null,
      what: {
        question: 'send-folder',
        path: rawPathOf(path),
        first: first === null ? null : toPlace(first),
        last: last === null ? null : toPlace(last),
      },
    }
  }
  const file = entry.facts?.type === 'hardlink' ? firstNameOf(reader, entry) : entry
  const { facts } = file ?? {}
  if (!file || facts?.type !== 'file') throw notDownloadable('it is no file and no folder')
  if (facts.xxh128 === null) throw notDownloadable('its holes are too large for its content to be compared')
  return {
    ...named,
    fileName: labelOf(entry),
    bytes: facts.size,
    what: {
      question: 'send-file',
      path: rawPathOf(reader.pathTo(file.id)),
      ...{ place: toPlace(facts.place), size: facts.size, xxh128: facts.xxh128 },
    },
  }
}

function labelOf({ name }: StoredEntry): string {
  return displayName(name)
}

function notDownloadable(why: string): Problem {
  return new Problem({
    code: 'not-downloadable',
    text: `This cannot be downloaded by itself: ${why}.`,
    action: 'Download the folder around it, or restore the backup beside.',
  })
}

function indexNotStored(): Problem {
  return new Problem({
    code: 'index-not-stored',
    text: 'The list of this backup’s files is not here any more.',
    action: 'Load the page again: it is fetched anew.',
  })
}
