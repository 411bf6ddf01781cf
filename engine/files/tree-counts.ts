import { memberName } from '@/lib/tar'
import type { TreeFacts } from '@/protocol/manifest'
import { type FileSource, pathsOfSource } from './archive-plan'
import type { TarMember } from './tar-member'

/** Counts members by the source that they belong to. */
export class TreeCounts {
  readonly facts: TreeFacts[]
  readonly #prefixes: { name: Buffer; facts: TreeFacts }[]
  #last: { name: Buffer; facts: TreeFacts } | undefined

  constructor(sources: FileSource[]) {
    this.facts = sources.map((source) => ({
      source: source.slug,
      prefix: commonFolder(pathsOfSource(source).map(memberName)),
      entries: 0,
      files: 0,
      bytes: 0,
    }))
    this.#prefixes = sources.flatMap((source, index) => {
      const facts = this.facts[index]
      return facts ? pathsOfSource(source).map((path) => ({ name: Buffer.from(memberName(path)), facts })) : []
    })
  }

  count(member: TarMember): void {
    const facts = this.#find(member.path)
    if (!facts) return
    facts.entries++
    if (member.type !== 'file') return
    facts.files++
    facts.bytes += member.logicalBytes
  }

  /** slug of the source that a member's name belongs to */
  sourceOf(name: Buffer): string | undefined {
    return this.#find(name)?.source
  }

  #find(name: Buffer): TreeFacts | undefined {
    if (!this.#last || !isAtOrBelowName(name, this.#last.name))
      this.#last = this.#prefixes.find((prefix) => isAtOrBelowName(name, prefix.name))
    return this.#last?.facts
  }
}

function isAtOrBelowName(name: Buffer, prefix: Buffer): boolean {
  if (name.length !== prefix.length && name[prefix.length] !== 0x2f) return false
  return name.length >= prefix.length && name.compare(prefix, 0, prefix.length, 0, prefix.length) === 0
}

/** The longest path that all of them have in common, in whole segments; empty where there is none. */
function commonFolder(paths: string[]): string {
  const [first = [], ...others] = paths.map((path) => path.split('/'))
  const differs = first.findIndex((segment, index) => others.some((other) => other[index] !== segment))
  return (differs === -1 ? first : first.slice(0, differs)).join('/').slice(0, 4096)
}
