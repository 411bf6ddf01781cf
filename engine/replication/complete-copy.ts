import { checksumsName, checksumsText, manifestName, signatureName } from '@/engine/remote/backup-folder'
import { requireFiles, writeChecked } from '@/engine/remote/write-checked'
import type { PartCheck } from '@/protocol/remotes'
import type { ReplicationRun } from './replication-run'

/** Adds SHA256SUMS, and looks once more at all that lies there, before control is asked whether it may become a backup. */
export async function verifyCopy({ to, folder, parts }: ReplicationRun): Promise<void> {
  const sums = checksumsText(parts)
  await writeChecked(to, folder, checksumsName, sums)
  const files = [...parts, { name: checksumsName, bytes: Buffer.byteLength(sums) }]
  // of a try that was interrupted after its go
  await requireFiles(to, folder, files, [signatureName, manifestName])
}

/** Makes the folder a backup: signature first, manifest last. Then, and only then, it is said to be copied. */
export async function completeCopy(run: ReplicationRun, checks: PartCheck[]): Promise<void> {
  const { to, folder, manifest, scope, context } = run
  run.meter.begin('manifest', manifestName)
  scope.signal.throwIfAborted()
  await writeChecked(to, folder, signatureName, `${manifest.signature}\n`)
  await writeChecked(to, folder, manifestName, manifest.text)
  const isReadBack = checks.length > 0 && checks.every((check) => check === 'read back')
  context.report({ type: 'copied', verification: isReadBack ? 'readBack' : 'uploaded' })
}
