import { constants } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, rename } from 'node:fs/promises'
import { displayName } from '@/protocol/display-name'
import { Problem } from '@/protocol/problem'

const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW
const slash = 0x2f

/**
 * Opens a folder by its absolute path, one segment after the other, following no link: who may write into a folder on the way
 * cannot lead us elsewhere. Names below it are then reached by `nameIn`. Throws Problem `link-in-the-way`, or that of the system.
 */
export async function openFolder(path: Buffer): Promise<FileHandle> {
  let handle = await open('/', flags)
  for (const segment of segmentsOf(path)) handle = await step(handle, segment, path)
  return handle
}

/** The same below a folder; what is missing is made, for us alone. */
export async function makeFolders(top: Buffer, path: Buffer): Promise<FileHandle> {
  let handle = await openFolder(top)
  for (const segment of segmentsOf(path)) {
    await mkdir(nameIn(handle, segment), { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
    handle = await step(handle, segment, path)
  }
  return handle
}

async function step(handle: FileHandle, segment: Buffer, path: Buffer): Promise<FileHandle> {
  try {
    return await open(nameIn(handle, segment), flags)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ELOOP' && code !== 'ENOTDIR') throw error
    throw new Problem({
      code: 'link-in-the-way',
      text: 'A link or a file stands where a folder should be, and a restore in place never writes through one.',
      action: 'Name the genuine folder in the source, or remove what stands there.',
      where: displayName(path).slice(0, 1000),
    })
  } finally {
    await handle.close()
  }
}

/** A name in an open folder, as a path. */
export function nameIn(folder: FileHandle, name: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`/proc/self/fd/${folder.fd}/`), name])
}

export function segmentsOf(path: Buffer): Buffer[] {
  const segments: Buffer[] = []
  let start = 0
  for (let index = 0; index <= path.length; index++) {
    if (index < path.length && path[index] !== slash) continue
    if (index > start) segments.push(path.subarray(start, index))
    start = index + 1
  }
  return segments
}

export function parentOf(path: Buffer): Buffer {
  const end = path.lastIndexOf(slash)
  return end <= 0 ? Buffer.from('/') : path.subarray(0, end)
}

export function nameOf(path: Buffer): Buffer {
  return path.subarray(path.lastIndexOf(slash) + 1)
}

export function joined(...parts: (Buffer | string)[]): Buffer {
  const bytes = parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))
  return Buffer.concat(
    bytes.flatMap((part, index) => (index === 0 || part[0] === slash ? [part] : [Buffer.from('/'), part])),
  )
}

/** Whether something is there, a dangling link too; false as well when a folder on the way is not there. */
export async function isThere(path: Buffer): Promise<boolean> {
  try {
    const folder = await openFolder(parentOf(path))
    try {
      await lstat(nameIn(folder, nameOf(path)))
      return true
    } finally {
      await folder.close()
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

/** Renames what stands in one open folder into another; both are on the disk afterwards. Refuses to write over anything. */
export async function renameBetween(
  from: { folder: FileHandle; name: Buffer },
  to: { folder: FileHandle; name: Buffer },
): Promise<void> {
  const target = nameIn(to.folder, to.name)
  const isTaken = await lstat(target).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )
  if (isTaken)
    throw new Problem({
      code: 'place-taken',
      text: 'Something stands where a restore in place wanted to put what it moves.',
      action: 'Look at what stands there, move it away, and let the restore go on.',
      where: displayName(to.name).slice(0, 1000),
    })
  await rename(nameIn(from.folder, from.name), target)
  await to.folder.sync()
  await from.folder.sync()
}
