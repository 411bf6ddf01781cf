import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The folder itself, or the next one above that exists. */
export async function nearestFolder(path: string): Promise<string> {
  const exists = await stat(path).then(
    () => true,
    () => false,
  )
  return exists || path === '/' ? path : nearestFolder(dirname(path))
}
