import { damagedTar } from '@/engine/files/tar-header'
import type { TarMember } from '@/engine/files/tar-member'
import { TarReader } from '@/engine/files/tar-reader'
import type { ReaderOptions } from '@/engine/parts/part-reader'
import { readFrom } from '@/engine/parts/read-from'
import type { ManifestArtifact } from '@/protocol/manifest'
import type { Place } from '@/protocol/specs'

type Wait = Promise<void> | undefined

export type MemberHandlers = {
  /** `offset`: where the member begins in the whole archive */
  member: (member: TarMember, offset: number) => Wait
  data: (piece: Uint8Array) => Wait
  memberEnd: () => Wait
}

/**
 * Reads an archive from the member at `first` to the end of the member at `last`, fetching no more parts than hold them. Throws
 * Problem `archive-damaged` where no member begins at one of these places, and what reading throws.
 */
export async function walkMembers(
  artifact: Pick<ManifestArtifact, 'name' | 'parts'>,
  { first, last, lastPart }: { first: Place; last: Place; lastPart: number },
  options: ReaderOptions,
  handlers: MemberHandlers,
): Promise<void> {
  const [begin, end] = [offsetOf(artifact, first), offsetOf(artifact, last)]
  let current: number | null = null
  let isOver = false
  const reader = new TarReader({
    member: (member) => {
      if (isOver) return undefined
      current = begin + member.startOffset
      if (current > end) throw damagedTar('no member begins where the index says', end)
      return handlers.member(member, current)
    },
    data: (piece) => (isOver ? undefined : handlers.data(piece)),
    memberEnd: () => {
      if (isOver) return undefined
      isOver = current === end
      return handlers.memberEnd()
    },
  })
  for await (const chunk of readFrom(artifact, first, lastPart, options)) {
    const wait = reader.push(chunk)
    if (wait) await wait
    if (isOver) return
  }
  throw damagedTar('no member begins where the index says', end)
}

/** All parts but the last are cut at the same raw size. */
export function offsetOf(artifact: Pick<ManifestArtifact, 'parts'>, { part, offset }: Place): number {
  return part * (artifact.parts[0]?.rawBytes ?? 0) + offset
}

export function placeOf(artifact: Pick<ManifestArtifact, 'parts'>, offset: number): Place {
  const partBytes = Math.max(1, artifact.parts[0]?.rawBytes ?? 1)
  return { part: Math.floor(offset / partBytes), offset: offset % partBytes }
}
