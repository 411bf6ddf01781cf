import { join } from 'node:path'

type Order = { restoreId: string; target: { folder: string | null } }

/** An order that names no folder gets one of the restore's own in the scratch folder of this worker, the same for its removal. */
export function withScratchFolder<T extends Order>(
  order: T,
  scratch: string,
): T & { target: T['target'] & { folder: string } } {
  return { ...order, target: { ...order.target, folder: order.target.folder ?? join(scratch, order.restoreId) } }
}
