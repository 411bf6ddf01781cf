import { offsetOf, placeOf } from '@/engine/sending/walk-members'
import type { ManifestArtifact } from '@/protocol/manifest'
import { Problem } from '@/protocol/problem'
import type { Place } from '@/protocol/specs'

/** A piece of an archive that is read in one go, from the member at `first` to the end of the one at `last`. */
export type Stretch = { first: Place; last: Place; lastPart: number }

/** The headers of a member take less, unless it has uncommonly large attributes. */
const mostHeaderBytes = 64 * 1024

/** Finds the pieces of an archive that hold the wanted members, such that no part is fetched that holds none of them. */
export class Stretches {
  readonly list: Stretch[] = []
  readonly #artifact: Pick<ManifestArtifact, 'name' | 'parts' | 'rawBytes'>
  #position = -1
  /** the latest wanted member, whose end is not known yet */
  #open: { place: Place; offset: number; mostEnd: number } | null = null

  constructor(artifact: Pick<ManifestArtifact, 'name' | 'parts' | 'rawBytes'>) {
    this.#artifact = artifact
  }

  /** Takes every member that has a place of its own (no hard link), in the order of the archive. Throws Problem `index-damaged`. */
  pass(place: Place, bytes: number, isWanted: boolean): void {
    const offset = offsetOf(this.#artifact, place)
    if (offset <= this.#position || offset >= this.#artifact.rawBytes || !this.#artifact.parts[place.part])
      throw placesDamaged(this.#artifact.name)
    this.#position = offset
    this.#close(offset)
    if (isWanted) this.#open = { place, offset, mostEnd: offset + bytes + mostHeaderBytes }
  }

  finish(): void {
    this.#close(this.#artifact.rawBytes)
  }

  #close(nextOffset: number): void {
    if (!this.#open) return
    const { place, offset, mostEnd } = this.#open
    this.#open = null
    const lastPart = placeOf(this.#artifact, Math.max(offset, Math.min(nextOffset, mostEnd) - 1)).part
    const before = this.list.at(-1)
    if (before && place.part <= before.lastPart + 1) {
      before.last = { part: place.part, offset: place.offset }
      before.lastPart = Math.max(before.lastPart, lastPart)
    } else this.list.push({ first: place, last: place, lastPart })
  }
}

function placesDamaged(name: string): Problem {
  return new Problem({
    code: 'index-damaged',
    text: `The index of ${name} names places that the archive does not have, or not in this order.`,
    action: 'Restore the whole artifact instead, and report this.',
    where: name,
  })
}
