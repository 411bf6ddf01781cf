import type { DeepEntry } from '@/lib/rclone'
import type { ProblemFacts } from '@/protocol/problem'
import type { ExpectedFile } from '@/protocol/specs'

/** So many are named one by one. */
const mostNamed = 20

/**
 * What is wrong with a backup's folder: files that are missing, or have another size or hash than the catalogue says. Pure.
 * What the remote does not tell (a size of -1, no hash) is not held against it; files that nobody expects do no harm here.
 */
export function compareFolder(expected: ExpectedFile[], found: DeepEntry[], where: string): ProblemFacts[] {
  if (found.length === 0) return [fault('backup-missing', 'The folder of this backup is gone from the remote.', where)]
  const byName = new Map(found.map((file) => [file.path, file]))
  const faults = expected.flatMap((file) => faultOf(file, byName.get(file.name), where) ?? [])
  if (faults.length <= mostNamed) return faults
  const rest = faults.length - mostNamed
  return [...faults.slice(0, mostNamed), fault('more-faults', `${rest} more files are missing or altered.`, where)]
}

function faultOf(expected: ExpectedFile, found: DeepEntry | undefined, where: string): ProblemFacts | null {
  const { name, bytes, hash } = expected
  const path = `${where}/${name}`
  if (!found) return fault('part-missing', `${name} is missing on the remote.`, path)
  if (bytes !== null && found.bytes >= 0 && found.bytes !== bytes)
    return fault('part-altered', `${name} has ${found.bytes} bytes on the remote; it was made with ${bytes}.`, path)
  if (hash && found.hash && found.hash !== hash.slice(hash.indexOf(':') + 1))
    return fault('part-altered', `${name} has another checksum on the remote than it was made with.`, path)
  return null
}

function fault(code: string, text: string, where: string): ProblemFacts {
  return { code, text, where: where.slice(0, 1000) }
}
