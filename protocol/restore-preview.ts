import { z } from 'zod'
import { settingKeySchema } from './fix-ups'

/** So many of each kind are named, and so many trees and collections. */
export const mostNamed = { changes: 200, trees: 10, collections: 500 }

const count = z.int().min(0)
const counts = z.object({ added: count, changed: count, removed: count, same: count })
const names = z.array(z.string().max(300)).max(mostNamed.changes)

/**
 * What a restore in place would change in what one archive holds. Folders and files are told apart by type, size, time, mode, owner
 * and link target; their content is only compared once it is staged.
 */
export const treePreviewSchema = z.object({
  artifact: z.string().max(100),
  kind: z.enum(['files', 'config']),
  /** of folders, files and all else */
  counts,
  /** content: of what comes new or otherwise, and of what is there and is taken away */
  bytes: z.object({ added: count, changed: count, removed: count }),
  /** the first of each, sorted, for people */
  named: z.object({ added: names, changed: names, removed: names }),
})

const collectionChangeSchema = z.object({
  database: z.string().max(63),
  collection: z.string().max(255),
  change: z.enum(['added', 'changed', 'removed', 'same']),
  /** documents; null: the collection is not there */
  now: count.nullable(),
  after: count.nullable(),
})

/** What becomes of a setting that is of one instance, in a restore with fix-ups. Secrets are masked. */
const settingPreviewSchema = z.object({
  key: settingKeySchema,
  /** null: it is not set */
  now: z.string().max(1000).nullable(),
  /** `removed`: it is kept as not set. `backup`: as the backup has it, which only the restore reads. */
  becomes: z.enum(['entered', 'kept', 'removed', 'backup']),
  /** what was entered */
  after: z.string().max(1000).nullable(),
})

/** What a restore in place would change, as it was when somebody looked. */
export const restorePreviewSchema = z.object({
  trees: z.array(treePreviewSchema).max(mostNamed.trees),
  /** of collections, compared document by document */
  counts,
  /** the first, those that change before those that stay */
  collections: z.array(collectionChangeSchema).max(mostNamed.collections),
  /** of Girder; none: the restore has no fix-ups, or leaves them where they are */
  settings: z.array(settingPreviewSchema).max(100).default([]),
})
export type TreePreview = z.infer<typeof treePreviewSchema>
export type RestorePreview = z.infer<typeof restorePreviewSchema>
export type SettingPreview = z.infer<typeof settingPreviewSchema>
export type Change = z.infer<typeof collectionChangeSchema>['change']
