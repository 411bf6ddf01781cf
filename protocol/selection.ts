import { z } from 'zod'
import { rawPathSchema } from './names'

/** What of the chosen artifacts is wanted, where it is not all of them. */
export const selectionSchema = z.object({
  /**
   * Of an artifact of trees or configuration files: what is one of these paths or lies below one. Raw bytes in base64, without a
   * leading slash, as they stand in the index. An artifact that is not named here is wanted whole.
   */
  paths: z
    .array(z.object({ artifact: z.string().min(1).max(100), paths: z.array(rawPathSchema.min(4)).min(1).max(1000) }))
    .max(100),
  /** of MongoDB: whole databases (`collection` null) or single collections; null: all */
  namespaces: z
    .array(z.object({ database: z.string().min(1).max(63), collection: z.string().min(1).max(255).nullable() }))
    .min(1)
    .max(1000)
    .nullable(),
})
export type Selection = z.infer<typeof selectionSchema>
export type SelectedNamespace = NonNullable<Selection['namespaces']>[number]

/** Whether a namespace is wanted; null: all are. */
export function isWanted(
  { database, collection }: { database: string; collection: string },
  wanted: SelectedNamespace[] | null,
): boolean {
  return (
    wanted === null ||
    wanted.some((choice) => choice.database === database && (choice.collection ?? collection) === collection)
  )
}
