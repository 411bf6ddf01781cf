import { z } from 'zod'
import { absolutePathSchema, idSchema } from '@/protocol/names'

/** RestoreTask.target: where a restore writes, as it is stored. The connection is looked up in the source when it is needed. */
export const storedTargetSchema = z.object({
  kind: z.literal('scratch'),
  /** null: the worker chooses one in its scratch folder, and has not reported it yet */
  folder: absolutePathSchema.nullable(),
  mongodb: z.object({ sourceId: idSchema, databasePrefix: z.string() }).nullable(),
})
export type StoredTarget = z.infer<typeof storedTargetSchema>

/** For people: where a restore writes, or will write once its worker has said so. */
export function placeInWords({ folder }: StoredTarget, restoreId: string): string {
  return folder ?? `scratch/${restoreId} (in the state folder of the worker)`
}

/** Put before each restored database's name: short, and not the same twice. Fits `scratchDatabasePattern`. */
export function databasePrefixOf(restoreId: string): string {
  return `tk_${restoreId.slice(0, 8)}_`
}
