import { NameTable } from './name-table'
import type { TarMember } from './tar-member'

/** What to do with a member: take it (perhaps altered, with a reason why), leave it out as no fault of it, or refuse it. */
export type Verdict = { member: TarMember; stripped: string | null } | { leftOut: string } | { refused: string }

/** What a name of this archive is by now. */
const made = { directory: 0, other: 1 } as const

const pathLimitBytes = 4095
const nameLimitBytes = 255
const capabilityRecord = 'SCHILY.xattr.security.capability'

/**
 * Decides, member by member in archive order, what may be extracted into an empty folder so that nothing is ever written outside
 * it, and nothing there gains rights that it should not have. Everything that is not refused can be extracted without a conflict.
 */
export class MemberFilter {
  readonly #sameInstance: boolean
  readonly #asRoot: boolean
  /** all names made so far, parents without a member of their own included */
  readonly #names = new NameTable()

  constructor(options: { sameInstance: boolean; asRoot: boolean }) {
    this.#sameInstance = options.sameInstance
    this.#asRoot = options.asRoot
  }

  judge(member: TarMember): Verdict {
    const path = normalisePath(member.path)
    if ('refused' in path) return { refused: `its name ${path.refused}` }
    const reason = this.#refuseKind(member) ?? this.#refusePlace(path.name, member.type === 'directory')
    if (reason !== null) return { refused: reason }
    if (isLeftOut(member, this.#sameInstance)) return { leftOut: 'left out, a device node of another instance' }
    const link = this.#judgeLink(member)
    if ('refused' in link) return link
    this.#remember(path.name, member.type)
    const isAsItIs = path.name === member.path && link.linkPath === member.linkPath
    return this.#strip(isAsItIs ? member : { ...member, path: path.name, linkPath: link.linkPath })
  }

  #refuseKind(member: TarMember): string | null {
    if (member.type === 'unsupported') return 'it is of a kind that is not restored'
    if (member.isOversized) return 'its attributes are too large'
    const needsRoot = isDevice(member) && this.#sameInstance
    return needsRoot && !this.#asRoot ? 'only root can make a device node' : null
  }

  /** Refuses what lies below something that this archive made and that is no folder, and names that are taken. */
  #refusePlace(path: Buffer, isDirectory: boolean): string | null {
    for (let slash = path.indexOf(0x2f); slash !== -1; slash = path.indexOf(0x2f, slash + 1))
      if (this.#names.get(path.subarray(0, slash)) === made.other)
        return 'a link or file of this archive stands where its folder would be'
    const before = this.#names.get(path)
    if (before === undefined || (before === made.directory && isDirectory)) return null
    return 'its name stands twice in the archive'
  }

  #judgeLink(member: TarMember): { linkPath: Buffer } | { refused: string } {
    const target = member.linkPath
    if (member.type === 'symlink') {
      const isWrong = target.length === 0 || target.length > pathLimitBytes || target.includes(0)
      return isWrong ? { refused: 'its target is no path' } : { linkPath: target }
    }
    if (member.type !== 'hardlink') return { linkPath: target.length === 0 ? target : Buffer.alloc(0) }
    const path = normalisePath(target)
    if ('refused' in path) return { refused: `the name it is linked to ${path.refused}` }
    if (this.#names.get(path.name) !== made.other) return { refused: 'the file it is linked to was not restored' }
    return { linkPath: path.name }
  }

  #remember(path: Buffer, type: TarMember['type']): void {
    this.#names.set(path, type === 'directory' ? made.directory : made.other)
    for (let slash = path.lastIndexOf(0x2f); slash > 0; slash = path.lastIndexOf(0x2f, slash - 1)) {
      const folder = path.subarray(0, slash)
      if (this.#names.get(folder) !== undefined) return
      this.#names.set(folder, made.directory)
    }
  }

  #strip(member: TarMember): Verdict {
    const mode = restoredMode(member, this.#sameInstance)
    const hasCapability = !this.#sameInstance && member.attributes.has(capabilityRecord)
    if (mode === member.mode && !hasCapability) return { member, stripped: null }
    const attributes = new Map([...member.attributes].filter(([key]) => key !== capabilityRecord))
    return {
      member: { ...member, mode, attributes: hasCapability ? attributes : member.attributes },
      stripped: hasCapability ? 'file capabilities of another instance' : 'setuid and setgid of another instance',
    }
  }
}

/** Whether an entry is in no restore of it: a device node of another instance. */
export function isLeftOut(entry: { type: TarMember['type'] }, sameInstance: boolean): boolean {
  return !sameInstance && isDevice(entry)
}

function isDevice({ type }: { type: TarMember['type'] }): boolean {
  return type === 'character-device' || type === 'block-device'
}

/** The mode that an entry has after a restore: files of another instance lose setuid and setgid. Folders keep setgid: it gives no rights. */
export function restoredMode(entry: { type: TarMember['type']; mode: number }, sameInstance: boolean): number {
  return sameInstance || entry.type === 'directory' || entry.type === 'symlink' ? entry.mode : entry.mode & ~0o6000
}

/** A relative path without `.`, empty segments or `..`; the very buffer where there is nothing to change. */
function normalisePath(path: Buffer): { name: Buffer } | { refused: string } {
  if (path.includes(0)) return { refused: 'contains a NUL byte' }
  if (path[0] === 0x2f) return { refused: 'is absolute' }
  const segments = path.toString('latin1').split('/')
  if (segments.includes('..')) return { refused: 'contains ".."' }
  const kept = segments.filter((segment) => segment !== '' && segment !== '.')
  if (kept.length === 0) return { refused: 'is empty' }
  if (path.length > pathLimitBytes || kept.some((segment) => segment.length > nameLimitBytes))
    return { refused: 'is too long' }
  return { name: kept.length === segments.length ? path : Buffer.from(kept.join('/'), 'latin1') }
}
