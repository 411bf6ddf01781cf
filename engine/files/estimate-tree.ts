import { lstat, opendir, statfs } from 'node:fs/promises'
import type { TreeSource } from '@/protocol/sources'

export type TreeEstimate = {
  entries: number
  /** logical bytes of files; a file with several names counts once */
  bytes: number
  /** false: counting took too long, and there is more */
  isWhole: boolean
  /** of the filesystem that the tree lies on */
  freeBytes: number
  totalBytes: number
}

/** A person waits for the answer. */
const longestMilliseconds = 8000

/** Counts what a backup of the tree would read now, for some seconds at most; what cannot be read is left out. */
export async function estimateTree(
  tree: TreeSource,
  signal: AbortSignal,
  limitMilliseconds = longestMilliseconds,
): Promise<TreeEstimate> {
  const end = performance.now() + limitMilliseconds
  const { dev } = await lstat(tree.path)
  const leftOut = new Set([...tree.exclude, `${tree.path}/.talekeeper`])
  const linked = new Set<bigint>()
  const count = { entries: 1, bytes: 0, isWhole: true }
  const waiting = [tree.path]
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    signal.throwIfAborted()
    if (performance.now() > end) {
      count.isWhole = false
      break
    }
    for await (const entry of await opendir(folder).catch(() => [])) {
      const path = `${folder === '/' ? '' : folder}/${entry.name}`
      if (leftOut.has(path)) continue
      const stats = await lstat(path, { bigint: true }).catch(() => null)
      if (!stats || (tree.oneFileSystem && stats.dev !== BigInt(dev))) continue
      count.entries += 1
      if (stats.isDirectory()) waiting.push(path)
      if (!stats.isFile() || linked.has(stats.ino)) continue
      if (stats.nlink > 1n) linked.add(stats.ino)
      count.bytes += Number(stats.size)
    }
  }
  const disk = await statfs(tree.path)
  return { ...count, freeBytes: disk.bavail * disk.bsize, totalBytes: disk.blocks * disk.bsize }
}
