import type { Place } from '@/protocol/specs'

export type PartSizes = { bytes: number; rawBytes: number }[]

/**
 * Bytes of the parts that hold pieces of an archive, each part counted once. `lastBytes`: of the content after the last place.
 * All parts but the last are cut at the same raw size.
 */
export function neededBytes(
  parts: PartSizes,
  pieces: { first: Place | null; last: Place | null; lastBytes: number }[],
): number {
  const needed = new Set<number>()
  const partBytes = Math.max(1, parts[0]?.rawBytes ?? 1)
  for (const { first, last, lastBytes } of pieces) {
    if (!first || !last) continue
    const end = Math.min(parts.length - 1, last.part + Math.floor((last.offset + lastBytes) / partBytes))
    for (let part = first.part; part <= end; part++) needed.add(part)
  }
  return [...needed].reduce((sum, part) => sum + (parts[part]?.bytes ?? 0), 0)
}
