import type { BackupReference } from '@/engine/remote/read-manifest'
import type { RemoteStore } from '@/engine/remote/remote-store'
import type { ManifestArtifact } from '@/protocol/manifest'
import { Problem } from '@/protocol/problem'

/** Gives a check of parts that throws Problem `part-missing` or `part-altered`. */
export async function partsOnRemote(
  store: RemoteStore,
  backup: BackupReference,
): Promise<(parts: ManifestArtifact['parts']) => void> {
  const folder = `${backup.instance.slug}/${backup.folder}`
  const found = new Map((await store.list(folder))?.map((entry) => [entry.name, entry.bytes]))
  return (parts) => {
    for (const part of parts) {
      const bytes = found.get(part.name)
      if (bytes === part.bytes || bytes === -1) continue
      throw new Problem({
        code: bytes === undefined ? 'part-missing' : 'part-altered',
        text:
          bytes === undefined
            ? `${part.name} is missing on the remote.`
            : `${part.name} has ${bytes} bytes on the remote; it was made with ${part.bytes}.`,
        action: 'Choose another backup, and let this one be checked. Nothing was changed.',
        where: `${folder}/${part.name}`,
      })
    }
  }
}
