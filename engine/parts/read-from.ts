import type { ManifestArtifact } from '@/protocol/manifest'
import { Problem } from '@/protocol/problem'
import type { Place } from '@/protocol/specs'
import { type ReaderOptions, readArtifact } from './part-reader'

/**
 * The raw bytes of an artifact from one place on. Parts up to `lastPart` are fetched ahead of their turn, those after it only
 * when they are asked for: whoever reads stops where they like, and pays for no part in vain.
 */
export async function* readFrom(
  artifact: Pick<ManifestArtifact, 'name' | 'parts'>,
  start: Place,
  lastPart: number,
  options: ReaderOptions,
): AsyncGenerator<Uint8Array> {
  if (start.offset >= (artifact.parts[start.part]?.rawBytes ?? 0)) throw placeUnknown(artifact.name)
  const ahead = artifact.parts.slice(start.part, lastPart + 1)
  const rest = artifact.parts.slice(start.part + ahead.length)
  let skip = start.offset
  for (const parts of [ahead, ...rest.map((part) => [part])])
    for await (const chunk of readArtifact({ name: artifact.name, parts }, options)) {
      if (skip < chunk.length) yield skip === 0 ? chunk : chunk.subarray(skip)
      skip = Math.max(0, skip - chunk.length)
    }
}

function placeUnknown(name: string): Problem {
  return new Problem({
    code: 'index-damaged',
    text: `The index names a place that ${name} does not have.`,
    action: 'Restore the backup beside instead, and report this.',
    where: name,
  })
}
