import type { BigIntStats, Dirent } from 'node:fs'
import { lstat, opendir, readlink } from 'node:fs/promises'
import { DocumentDigest } from '@/engine/mongodb/document-digest'
import { joined } from './folder-handle'
import type { Facts } from './journal-records'

/** A change is newer than the moment that was asked for. */
export type TreeFacts = Facts & { changed: Buffer[] }

const namedChanges = 20

/**
 * What a file or folder with all below it is like: names, kinds, modes, owners, sizes, times, inodes and link targets, so that
 * the very same one is known again after it was moved. `changed`: what was written, made or renamed after `sinceNs`.
 */
export async function treeFacts(path: Buffer, signal: AbortSignal, sinceNs?: bigint): Promise<TreeFacts> {
  const digest = new DocumentDigest()
  const facts = { count: 0, bytes: 0, changed: [] as Buffer[] }
  const folders: Buffer[] = []
  const take = async (name: Buffer, at: Buffer) => {
    const stats = await lstat(at, { bigint: true })
    facts.count++
    if (stats.isFile()) facts.bytes += Number(stats.size)
    if (sinceNs !== undefined && stats.ctimeNs > sinceNs && facts.changed.length < namedChanges) facts.changed.push(at)
    const target = stats.isSymbolicLink() ? await readlink(at, { encoding: 'buffer' }) : Buffer.alloc(0)
    digest.add(Buffer.concat([name, Buffer.from(`\0${inWords(stats)}\0`), target]))
    if (stats.isDirectory()) folders.push(name)
  }
  await take(Buffer.alloc(0), path)
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    signal.throwIfAborted()
    const at = folder.length === 0 ? path : joined(path, folder)
    // names are bytes: with encoding `buffer` they come as such, whatever the type says
    const entries = await opendir(at, { encoding: 'buffer' as BufferEncoding, bufferSize: 256 })
    for await (const entry of entries as AsyncIterable<Dirent>) {
      const name = entry.name as unknown as Buffer
      await take(folder.length === 0 ? name : joined(folder, name), joined(at, name))
    }
  }
  return { ...facts, digest: digest.hex() }
}

/** The inode of a folder is left out: it is an affair of the filesystem. */
function inWords(stats: BigIntStats): string {
  const { mode, uid, gid, mtimeNs, rdev } = stats
  const own = stats.isDirectory() ? '' : `${stats.size} ${stats.ino}`
  return `${mode} ${uid} ${gid} ${mtimeNs} ${rdev} ${own}`
}
