import { join } from 'node:path'
import type { DiscardOrder, DiscardSpec, RestoreOrder, RestoreSpec } from '@/protocol/specs'

/** An order that names no folder gets one of the restore's own in the scratch folder of this worker, the same for its removal. */
export function withScratchFolder(order: RestoreOrder, scratch: string): RestoreSpec
export function withScratchFolder(order: DiscardOrder, scratch: string): DiscardSpec
export function withScratchFolder(order: RestoreOrder | DiscardOrder, scratch: string): RestoreSpec | DiscardSpec {
  return { ...order, target: { ...order.target, folder: order.target.folder ?? join(scratch, order.restoreId) } }
}
