import type { extractTar } from '@/engine/files/extract-tar'
import type { RestoreRun } from './restore-run'

type Extracted = Pick<Awaited<ReturnType<typeof extractTar>>, 'stripped' | 'strippedCount'>

/** Names what an entry of another instance lost on the way. */
export function warnOfStripped({ warnings }: RestoreRun, { stripped, strippedCount }: Extracted): void {
  for (const { path, reason } of stripped) warnings.add({ code: 'attributes-stripped', text: reason, where: path })
  warnings.addUnnamed(strippedCount - stripped.length)
}
