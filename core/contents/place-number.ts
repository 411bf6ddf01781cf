import type { Place } from '@/protocol/specs'

/** A place in an archive as one whole number that sorts like it: a part has less than 64 GiB, and there are less than 2^17. */
const partBytes = 2 ** 36
const mostParts = 2 ** 17

/** null: no archive has such a place */
export function toPlaceNumber({ part, offset }: Place): number | null {
  return part < mostParts && offset < partBytes ? part * partBytes + offset : null
}

export function toPlace(place: number): Place {
  return { part: Math.floor(place / partBytes), offset: place % partBytes }
}
