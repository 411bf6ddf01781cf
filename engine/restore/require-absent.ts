import { lstat } from 'node:fs/promises'
import { Problem } from '@/protocol/problem'

/** A restore beside writes only into a folder that is not there yet. Throws Problem `target-exists`. */
export async function requireAbsent(folder: string): Promise<void> {
  const exists = await lstat(folder).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )
  if (exists)
    throw new Problem({
      code: 'target-exists',
      text: 'The scratch place is there already; a restore writes only into a new folder.',
      action: 'Choose another folder, or discard the earlier restore.',
      where: folder,
    })
}
