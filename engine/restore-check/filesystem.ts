import { lstat, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { extractMembers } from '@/engine/files/extract-tar'
import type { TarMember } from '@/engine/files/tar-member'
import { Problem } from '@/protocol/problem'
import type { Finding } from './check-lines'

/**
 * Extracts a file with an ACL, an extended attribute and a second name where the restore would write, looks whether all came to
 * be, and removes it again. Throws Problem when not even files and hard links can be written.
 */
export async function probeFilesystem(folder: string, signal: AbortSignal): Promise<Finding> {
  const parent = dirname(folder)
  const made = await mkdir(parent, { recursive: true, mode: 0o755 })
  const place = await mkdtemp(join(parent, '.talekeeper-probe-'))
  const messages: string[] = []
  try {
    const options = {
      folder: place,
      sameInstance: true,
      signal,
      log: (_level: string, text: string) => void messages.push(text),
    }
    await extractMembers(options, async (handlers) => {
      for (const member of probes) {
        await handlers.member(member)
        await handlers.memberEnd()
      }
    })
    const [first, second] = await Promise.all(probes.map(({ path }) => lstat(join(place, path.toString()))))
    if (first?.ino !== second?.ino) throw noHardLinks(parent)
  } finally {
    await rm(place, { recursive: true, force: true })
    if (made !== undefined) await rm(made, { recursive: true, force: true })
  }
  if (messages.length === 0) return 'The filesystem takes hard links, extended attributes and ACLs.'
  return {
    level: 'amber',
    text: `The filesystem takes hard links, but tar said: ${messages.join('; ')}`.slice(0, 2000),
    action: 'Extended attributes or ACLs will be lost. Restore into a folder on ext4 or XFS to keep them.',
  }
}

const acl = 'user::rw-\nuser:0:r--\ngroup::r--\nmask::r--\nother::---\n'
const facts = {
  ...{ mode: 0o640, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, mtime: '1700000000.5' },
  ...{
    startOffset: 0,
    storedBytes: 0,
    logicalBytes: 0,
    extents: null,
    deviceMajor: 0,
    deviceMinor: 0,
    isOversized: false,
  },
}
const probes: TarMember[] = [
  {
    ...facts,
    ...{ type: 'file', path: Buffer.from('probe'), linkPath: Buffer.alloc(0) },
    attributes: new Map([
      ['SCHILY.acl.access', Buffer.from(acl)],
      ['SCHILY.xattr.user.talekeeper', Buffer.from('probe')],
    ]),
  },
  {
    ...facts,
    ...{ type: 'hardlink', path: Buffer.from('second'), linkPath: Buffer.from('probe') },
    attributes: new Map(),
  },
]

function noHardLinks(where: string): Problem {
  return new Problem({
    code: 'no-hard-links',
    text: 'The filesystem makes copies out of hard links.',
    action: 'Restore into a folder on another filesystem, such as ext4 or XFS.',
    where,
  })
}
