import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '@/protocol/problem'

const writing = 0o3

/**
 * Refuses while a program of this host has a file open for writing at or below one of the paths, which would go on writing into the
 * old copy. Programs in containers are seen too, by the paths that the kernel gives. Throws Problem `open-files`.
 */
export async function refuseOpenFiles(paths: string[]): Promise<void> {
  for (const process of await readdir('/proc')) {
    if (!/^\d+$/.test(process)) continue
    const found = await openBelow(process, paths)
    if (!found) continue
    const name = (await readFile(`/proc/${process}/comm`, 'utf8').catch(() => 'a program')).trim()
    throw new Problem({
      code: 'open-files',
      text: `${name} (process ${process}) has a file open for writing where things are to be exchanged.`,
      action:
        'Stop that program first, or allow open files for this restore: it would go on writing into the old copy.',
      where: found.slice(0, 1000),
    })
  }
}

/** What ends meanwhile has nothing open. */
async function openBelow(process: string, paths: string[]): Promise<string | null> {
  const folder = `/proc/${process}/fd`
  for (const descriptor of await readdir(folder).catch(() => [])) {
    const file = await readlink(join(folder, descriptor)).catch(() => '')
    if (!paths.some((path) => file === path || file.startsWith(path === '/' ? '/' : `${path}/`))) continue
    const facts = await readFile(`/proc/${process}/fdinfo/${descriptor}`, 'utf8').catch(() => '')
    const flags = Number.parseInt(/^flags:\s+([0-7]+)/m.exec(facts)?.[1] ?? '0', 8)
    if ((flags & writing) !== 0) return file
  }
  return null
}
