import type { Backup, Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { backupReferenceSchema } from '@/protocol/specs'

/**
 * Notes the folder that a run is about to fill, so that its leftovers can be found. It must bear the plan's slug, never
 * change, and belong to no other backup: what is noted here may later be deleted. Throws Problem `invalid-folder`.
 */
export async function recordFolder(
  transaction: Transaction,
  backup: Backup,
  bodies: { folder: string }[],
): Promise<void> {
  for (const { folder } of bodies) {
    if (folder === backup.folder) continue
    const suffix = folder.slice('YYYYMMDD/HHMMSSZ-'.length + backup.planSlug.length)
    const fits =
      backupReferenceSchema.shape.folder.safeParse(folder).success &&
      folder.slice('YYYYMMDD/HHMMSS'.length).startsWith(`Z-${backup.planSlug}`) &&
      /^(-\d{1,3})?$/.test(suffix)
    const owner = await transaction.backup.findFirst({ where: { instanceId: backup.instanceId, folder } })
    if (!fits || backup.folder || owner)
      throw new Problem({
        code: 'invalid-folder',
        text: 'The worker named a folder that is not one of this backup.',
        where: folder,
      })
    await transaction.backup.update({ where: { id: backup.id }, data: { folder } })
    await transaction.copy.updateMany({
      where: { backupId: backup.id, presence: 'absent' },
      data: { presence: 'leftover' },
    })
  }
}
