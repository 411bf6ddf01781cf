import { type RunningCommand, startCommand } from '@/lib/command'
import { tarExtractArguments } from '@/lib/tar'
import { displayName } from '@/protocol/display-name'
import { Problem } from '@/protocol/problem'
import { BatchedWriter, PipeClosed } from './batched-writer'
import { encodeMember, paddingAfter, tarEnd } from './encode-member'
import { MemberFilter } from './member-filter'
import type { TarMember } from './tar-member'
import { explainMissingTar } from './tar-missing'
import { type TarHandlers, TarReader } from './tar-reader'

export type ExtractOptions = {
  /** exists, is empty, and only we can enter it: root-owned 0700 */
  folder: string
  /** restored to the instance that it came from; else devices, setuid, setgid and file capabilities stay behind */
  sameInstance: boolean
  /** the name that a member, and the first name that a hard link leads to, gets on the disk; not there: its own */
  renamed?: (name: Buffer) => Buffer
  signal: AbortSignal
  log: (level: 'debug' | 'info' | 'warn' | 'error', text: string) => void
}

/** Tells the handlers of each member that is to be extracted, in the order of the archive. */
export type MemberWalk = (handlers: TarHandlers) => Promise<void>

export type ExtractFacts = {
  /** members that were extracted */
  entries: number
  /** the first 1000, escaped for display */
  refused: { path: string; reason: string }[]
  refusedCount: number
  /** raw paths as latin1 text, for compareTree; the first 100,000 */
  refusedPaths: Set<string>
  /** extracted without what `reason` says, or left out for it; the first 1000 */
  stripped: { path: string; reason: string }[]
  strippedCount: number
}

const namedPaths = 1000
const keptPaths = 100_000

/** Extracts a whole tar: see `extractMembers`. `progress` is told the raw bytes so far. */
export function extractTar(
  options: ExtractOptions & { tar: AsyncIterable<Uint8Array>; progress: (doneBytes: number) => void },
): Promise<ExtractFacts> {
  return extractMembers(options, async (handlers) => {
    const reader = new TarReader(handlers)
    let doneBytes = 0
    for await (const chunk of options.tar) {
      options.signal.throwIfAborted()
      const wait = reader.push(chunk)
      if (wait) await wait
      doneBytes += chunk.length
      options.progress(doneBytes)
    }
    reader.finish()
  })
}

/**
 * Extracts members with GNU tar. What would be written outside the folder is refused before tar sees it, and named; everything
 * else is restored. Throws Problem `archive-damaged` or `extract-failed`, or the signal's reason.
 */
export async function extractMembers(options: ExtractOptions, walk: MemberWalk): Promise<ExtractFacts> {
  const facts: ExtractFacts = {
    entries: 0,
    refused: [],
    refusedCount: 0,
    refusedPaths: new Set(),
    stripped: [],
    strippedCount: 0,
  }
  const asRoot = process.getuid?.() === 0
  const messages: string[] = []
  const tar = startCommand('tar', {
    arguments: tarExtractArguments({ folder: options.folder, asRoot }),
    stdin: 'pipe',
    stdout: 'ignore',
    signal: options.signal,
    onStderrLine: (line) => {
      if (messages.length < 20) messages.push(line.replace(/^tar: /, ''))
    },
  })
  try {
    if (!tar.stdin) throw new Error('tar was started without a pipe')
    const output = new BatchedWriter(tar.stdin)
    const filter = new MemberFilter({ sameInstance: options.sameInstance, asRoot })
    await walk(filterHandlers(filter, output, facts, options.renamed))
    await output.write(tarEnd)
    await output.end()
    await finishTar(tar, messages, options.log)
    return facts
  } catch (error) {
    if (error instanceof PipeClosed) await finishTar(tar, messages, options.log)
    tar.kill('SIGKILL')
    await tar.finished.catch(() => {})
    throw explainMissingTar(error)
  }
}

/** Lets through what the filter takes, with headers written anew. */
function filterHandlers(
  filter: MemberFilter,
  output: BatchedWriter,
  facts: ExtractFacts,
  renamed: ExtractOptions['renamed'],
): TarHandlers {
  let taken: TarMember | null = null
  return {
    member: (told) => {
      const member = renamed ? withName(told, renamed) : told
      const verdict = filter.judge(member)
      taken = 'member' in verdict ? verdict.member : null
      if ('refused' in verdict) noteRefused(facts, member, verdict.refused)
      else noteStripped(facts, member, 'leftOut' in verdict ? verdict.leftOut : verdict.stripped)
      if (!taken) return undefined
      facts.entries++
      return output.write(encodeMember(taken))
    },
    data: (piece) => (taken?.type === 'file' ? output.write(piece) : undefined),
    memberEnd: () => (taken?.type === 'file' ? output.write(paddingAfter(taken.storedBytes)) : undefined),
  }
}

function withName(member: TarMember, renamed: (name: Buffer) => Buffer): TarMember {
  const { type, path, linkPath } = member
  return { ...member, path: renamed(path), linkPath: type === 'hardlink' ? renamed(linkPath) : linkPath }
}

function noteStripped(facts: ExtractFacts, member: TarMember, reason: string | null): void {
  if (reason !== null && facts.strippedCount++ < namedPaths)
    facts.stripped.push({ path: displayName(member.path), reason })
}

function noteRefused(facts: ExtractFacts, member: TarMember, reason: string): void {
  facts.refusedCount++
  if (facts.refused.length < namedPaths) facts.refused.push({ path: displayName(member.path), reason })
  if (facts.refusedPaths.size < keptPaths) facts.refusedPaths.add(member.path.toString('latin1'))
}

async function finishTar(tar: RunningCommand, messages: string[], log: ExtractOptions['log']): Promise<void> {
  const { exitCode, endedBy } = await tar.finished
  if (exitCode === 0) {
    for (const text of messages) log('warn', `tar said: ${text}`.slice(0, 4000))
    return
  }
  throw new Problem({
    code: 'extract-failed',
    text: `tar could not extract everything (${endedBy ?? `exit code ${exitCode}`}): ${messages.join('; ') || 'it gave no reason'}`.slice(
      0,
      2000,
    ),
    action: 'Check space, inodes and rights where the restore is written, then restore again.',
  })
}
