import { listSigningKeys } from '@/core/signing/list-signing-keys'
import { signManifest } from '@/core/signing/sign-manifest'
import { db } from '@/lib/db'
import { canonicalJson } from '@/protocol/canonical-json'
import { Problem } from '@/protocol/problem'
import { getRestore, type RestoreDetail } from './get-restore'
import { olderPathOf } from './older-file'
import { olderWords } from './older-words'

export type Receipt = ReturnType<typeof toReceipt>
export type SignedReceipt = {
  receipt: Receipt
  signature: {
    algorithm: 'Ed25519'
    /** PEM */
    publicKey: string
    /** base64, over the receipt as JSON with sorted keys and no spaces */
    value: string
  }
}

/**
 * Who restored what, when, why and from which backup, and what the comparison came to; signed by the key that signs backups.
 * Throws Problem `not-found`, `receipt-not-found`, `no-signing-key`.
 */
export async function getReceipt(id: string): Promise<SignedReceipt> {
  const restore = await getRestore(id)
  if (!hasReceipt(restore))
    throw new Problem({
      code: 'receipt-not-found',
      text: 'There is a receipt of what was restored and compared; this restore has not come so far.',
      action: 'Wait until it is finished.',
    })
  const receipt = toReceipt(restore)
  const value = await signManifest(db(), canonicalJson(receipt))
  const [publicKey = ''] = await listSigningKeys()
  return { receipt, signature: { algorithm: 'Ed25519', publicKey, value } }
}

/** What came back is known only where it was compared; of a file of the older scripts it never is, which its receipt says. */
export function hasReceipt({ state, tasks, olderFile }: Pick<RestoreDetail, 'state' | 'tasks' | 'olderFile'>): boolean {
  if (olderFile) return state === 'succeeded' || state === 'warning'
  return ['succeeded', 'warning', 'failed'].includes(state) && tasks.some(({ comparison }) => comparison !== null)
}

function toReceipt(restore: RestoreDetail) {
  const { backup, olderFile, instance, remote, tasks, check, startedAt, finishedAt } = restore
  return {
    ...{ kind: 'talekeeper-restore-receipt', format: 1, restoreId: restore.id, state: restore.state },
    requestedBy: restore.requestedBy,
    reason: restore.reason,
    requestedAt: restore.requestedAt.toISOString(),
    startedAt: startedAt?.toISOString() ?? null,
    finishedAt: finishedAt?.toISOString() ?? null,
    seconds: startedAt && finishedAt ? Math.round((finishedAt.getTime() - startedAt.getTime()) / 1000) : null,
    backup: backup && {
      ...{ id: backup.id, instance: backup.instance.slug, plan: backup.planSlug, folder: backup.folder },
      ...{ manifestSha256: backup.manifestSha256, startedAt: backup.startedAt?.toISOString() ?? null },
    },
    olderFile: olderFile && {
      ...{ path: olderPathOf(olderFile), bytes: olderFile.bytes, verified: olderWords(olderFile).verified },
    },
    remote: remote?.name ?? null,
    what: restore.what,
    instance: instance.slug,
    accepted: check ? check.lines.filter(({ name }) => check.accepted.includes(name)).map(({ text }) => text) : [],
    preview: check?.preview && {
      trees: check.preview.trees.map(({ artifact, counts }) => ({ artifact, ...counts })),
      collections: check.preview.counts,
    },
    places: tasks.map(({ worker, folder, databasePrefix, fetched, comparison, fixUps }) => ({
      ...{ worker: worker.slug, hostName: worker.hostName, folder, databasePrefix, fetched },
      fixUps,
      comparison: comparison && {
        ...{ entriesExpected: comparison.entriesExpected, entriesIdentical: comparison.entriesIdentical },
        ...{ bytesCompared: comparison.bytesCompared, documentsCompared: comparison.documentsCompared },
        ...{ namespacesExpected: comparison.namespacesExpected, namespacesIdentical: comparison.namespacesIdentical },
        ...{ refusedCount: comparison.refusedCount, differenceCount: comparison.differenceCount },
      },
    })),
  }
}
