import { parentOf } from '@/engine/restore/in-place/folder-handle'
import type { SourceGround } from '@/engine/restore/in-place/grounds'
import { liesAtOrBelow } from '@/engine/restore/in-place/path-mover'
import { refuseMounts } from '@/engine/restore/in-place/plan-paths'
import type { Finding } from './check-lines'

/**
 * Whether something is mounted inside what is replaced. What is mounted right in a tree's root is left alone unless the backup holds
 * something of that name, which only the restore itself finds out. Throws Problem `mounted-below`.
 */
export function checkMounts(grounds: Pick<SourceGround, 'whole' | 'chosen'>[], mountPoints: string[]): Finding {
  const isBelow = (point: string, root: Buffer) =>
    Buffer.from(point).length > root.length && liesAtOrBelow(Buffer.from(point), root)
  const leftAlone: string[] = []
  for (const { whole, chosen } of grounds) {
    for (const path of chosen) refuseMounts({ place: path.toString('base64') }, mountPoints)
    for (const root of whole)
      for (const point of mountPoints.filter((one) => isBelow(one, root))) {
        if (parentOf(Buffer.from(point)).equals(root)) leftAlone.push(point)
        else refuseMounts({ place: Buffer.from(point).toString('base64') }, mountPoints)
      }
  }
  if (leftAlone.length === 0) return 'Nothing is mounted inside what is replaced.'
  return {
    level: 'amber',
    text: `Mounted inside: ${leftAlone.join(', ')}. It stays as it is, unless the backup holds something of that name: then the restore stops before it exchanges anything.`.slice(
      0,
      2000,
    ),
    action: 'Unmount it for the restore, or choose only what lies beside it.',
  }
}
