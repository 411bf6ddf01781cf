import { chmod, lstat, opendir, rmdir, unlink } from 'node:fs/promises'
import { Problem } from '@/protocol/problem'
import { isAtOrBelow } from './archive-plan'
import { readMountPoints } from './mount-points'

/** Names of a folder that are held in memory at once. */
const batch = 10_000

/**
 * Removes a folder and all below it; links are removed, never followed. Refuses a link, and a folder with something mounted at or
 * below it. A folder that is not there is fine. Throws Problem `not-a-folder` or `mounted-below`, or the signal's reason.
 */
export async function removeTree(folder: string, signal: AbortSignal): Promise<void> {
  const stats = await lstat(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  })
  if (!stats) return
  if (!stats.isDirectory())
    throw new Problem({
      code: 'not-a-folder',
      text: `${folder} is not a folder any more.`,
      action: 'Look at what stands there, and remove it by hand.',
      where: folder.slice(0, 1000),
    })
  const mountPoint = (await readMountPoints()).find((point) => isAtOrBelow(point, folder))
  if (mountPoint !== undefined) throw mountedBelow(mountPoint)
  await removeFolder(Buffer.from(folder), stats.dev, signal)
}

async function removeFolder(folder: Buffer, device: number, signal: AbortSignal): Promise<void> {
  // root may enter every folder; others must give themselves the right to
  if (process.getuid?.() !== 0) await chmod(folder, 0o700)
  for (;;) {
    const names = await firstNames(folder)
    if (names.length === 0) break
    for (const name of names) {
      signal.throwIfAborted()
      const path = Buffer.concat([folder, Buffer.from('/'), name])
      const stats = await lstat(path)
      if (stats.isDirectory() && stats.dev !== device) throw mountedBelow(path.toString())
      if (stats.isDirectory()) await removeFolder(path, device, signal)
      else await unlink(path)
    }
  }
  await rmdir(folder)
}

async function firstNames(folder: Buffer): Promise<Buffer[]> {
  const names: Buffer[] = []
  // names are bytes: with encoding `buffer` they come as such, whatever the type says
  for await (const entry of await opendir(folder, { encoding: 'buffer' as BufferEncoding })) {
    names.push(entry.name as unknown as Buffer)
    if (names.length >= batch) break
  }
  return names
}

function mountedBelow(path: string): Problem {
  return new Problem({
    code: 'mounted-below',
    text: `Something is mounted at ${path.slice(0, 1000)}.`,
    action: 'Unmount it, then discard again.',
    where: path.slice(0, 1000),
  })
}
