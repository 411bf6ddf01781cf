import { z } from 'zod'
import { absolutePathSchema, idSchema } from '@/protocol/names'

export const scratchTargetSchema = z.object({
  kind: z.literal('scratch'),
  /** null: the worker chooses one in its scratch folder, and has not reported it yet */
  folder: absolutePathSchema.nullable(),
  mongodb: z.object({ sourceId: idSchema, databasePrefix: z.string() }).nullable(),
})
const inPlaceSchema = z.object({
  kind: z.literal('inPlace'),
  mongodb: z.object({ sourceId: idSchema }).nullable(),
  writers: z.enum(['stopped', 'command']),
  /** null: what is kept beside is the safety */
  safetyBackupId: idSchema.nullable(),
  allowForeignFolders: z.boolean(),
  allowOpenFiles: z.boolean(),
  /** only where nothing stands yet */
  requireEmpty: z.boolean().default(false),
  /** what was asked for of it at last */
  end: z.enum(['undo', 'drop']).nullable(),
})

/** RestoreTask.target: where a restore writes, as it is stored. The connection is looked up in the source when it is needed. */
export const storedTargetSchema = z.discriminatedUnion('kind', [scratchTargetSchema, inPlaceSchema])
export type ScratchTarget = z.infer<typeof scratchTargetSchema>
export type InPlaceTarget = z.infer<typeof inPlaceSchema>
export type StoredTarget = z.infer<typeof storedTargetSchema>

/** For people: where a restore writes, or will write once its worker has said so. */
export function placeInWords(target: StoredTarget, restoreId: string): string {
  if (target.kind === 'inPlace') return 'in place'
  return target.folder ?? `scratch/${restoreId} (in the state folder of the worker)`
}

/** Put before each restored database's name: short, and not the same twice. Fits `scratchDatabasePattern`. */
export function databasePrefixOf(restoreId: string): string {
  return `tk_${restoreId.slice(0, 8)}_`
}
