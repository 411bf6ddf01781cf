import { formatBytes } from '@/components/format-bytes'
import type { BackupDetail } from '@/core/backups/get-backup'
import type { Comparison } from '@/protocol/events'

const start = performance.now()

/** One line a step, with the seconds since the start. */
export function step(text: string): void {
  console.log(`[${((performance.now() - start) / 1000).toFixed(1).padStart(6)} s] ${text}`)
}

export function describeBackup(backup: BackupDetail): string {
  const parts = backup.artifacts.reduce((sum, artifact) => sum + artifact.parts.length, 0)
  const documents = Object.values(backup.summary?.namespaces ?? {}).reduce((sum, count) => sum + count, 0)
  const entries = Object.values(backup.summary?.trees ?? {}).reduce((sum, tree) => sum + tree.entries, 0)
  return `backup ${backup.state}: ${documents} documents, ${entries} files and folders, ${formatBytes(backup.rawBytes)} as ${formatBytes(backup.bytes)} in ${parts} parts, ${backup.warningCount} warnings`
}

export function describeComparison(comparison: Comparison): string {
  const verdict = comparison.differenceCount === 0 && comparison.refusedCount === 0 ? 'identical' : 'DIFFERENT'
  return (
    `restore ${verdict}: ${comparison.entriesIdentical} of ${comparison.entriesExpected} files and folders (${formatBytes(comparison.bytesCompared)}), ` +
    `${comparison.namespacesIdentical} of ${comparison.namespacesExpected} collections (${comparison.documentsCompared} documents), ` +
    `${comparison.differenceCount} differences, ${comparison.refusedCount} refused`
  )
}
