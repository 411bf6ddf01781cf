import { z } from 'zod'
import { fixUpsSchema } from './fix-ups'
import { contributionSchema } from './manifest'
import { absolutePathSchema, idSchema, rawPathSchema, sha256Schema, slugSchema } from './names'
import { olderPathSchema } from './older-files'
import {
  backendSchema,
  baseFolderSchema,
  hostSchema,
  partCheckSchema,
  portSchema,
  remoteHashSchema,
  remoteSchema,
} from './remotes'
import { selectionSchema } from './selection'
import { mongodbSourceSchema, sourceSchema } from './sources'

/**
 * What a worker is told to do. Fetched over HTTPS (that claims the run), or read from a file by the worker's command line.
 * Unknown keys are tolerated, so that a newer control plane can serve an older worker.
 */
const instance = z.object({ id: idSchema, slug: slugSchema })

const limits = z.object({
  durationSeconds: z
    .int()
    .min(60)
    .max(7 * 86_400),
  /** a run without any progress for so long is ended by the watchdog */
  stallSeconds: z.int().min(10).max(86_400),
  /** of all uploads or downloads of the run together; null: none */
  bytesPerSecond: z.int().min(1024).nullable(),
})

/** Facts of the plan's last good backup, for the shrink guard. */
export const baselineSchema = z.object({
  backupId: idSchema,
  /** `database.collection` → documents */
  namespaces: z.record(z.string(), z.int().min(0)),
  /** source slug → entries and bytes */
  trees: z.record(z.string(), z.object({ entries: z.int().min(0), bytes: z.int().min(0) })),
  /** files that changed or vanished while being read */
  changedFiles: z.int().min(0),
})

/** `<YYYYMMDD>/<HHMMSS>Z-<plan>`, below `<base>/<instance>/` */
const backupFolderSchema = z.string().regex(/^\d{8}\/\d{6}Z-[a-z0-9-]{1,40}(?:-\d{1,3})?$/)

/** A worker's share in a backup, which several may make one after the other. One that is alone is the first and the last. */
const shareSchema = z.object({
  /** made by the first worker; null: this is the first, and it makes the folder */
  folder: backupFolderSchema.nullable(),
  /** of the workers before this one, in their order */
  contributions: z.array(contributionSchema).max(100),
  /** the last worker checks all that was made, asks for the go, and writes the manifest */
  completes: z.boolean(),
})

export const backupSpecSchema = z.object({
  backupId: idSchema,
  attempt: z.int().min(1),
  kind: z.enum(['scheduled', 'manual', 'safety']),
  instance,
  worker: z.object({ id: idSchema, slug: slugSchema }),
  plan: z.object({ id: idSchema, slug: slugSchema }),
  /** null for a manual backup */
  plannedAt: z.iso.datetime().nullable(),
  /** those of this worker */
  sources: z.array(sourceSchema).min(1).max(200),
  remote: remoteSchema,
  /** Raw bytes of a part; compressed ones are smaller, or larger by a trifle. */
  partBytes: z
    .int()
    .min(1024 * 1024)
    .max(64 * 1024 ** 3),
  partCheck: partCheckSchema,
  zstdLevel: z.int().min(1).max(19),
  limits,
  /** of the whole backup: the worker that completes it judges it */
  baseline: baselineSchema.nullable(),
  encryption: z.null(),
  share: shareSchema.default({ folder: null, contributions: [], completes: true }),
})

/** Which backup to read, and how far it may be trusted. */
export const backupReferenceSchema = z.object({
  id: idSchema,
  instance,
  folder: backupFolderSchema,
  /** what the dashboard keeps; null: the signature is the only anchor */
  manifestSha256: sha256Schema.nullable(),
})

export const restoreSpecSchema = z.object({
  restoreId: idSchema,
  attempt: z.int().min(1),
  instance,
  worker: z.object({ id: idSchema, slug: slugSchema }),
  backup: backupReferenceSchema,
  remote: remoteSchema,
  /** PEM of every key that control signs or signed manifests with; empty: only the hash anchors */
  signingKeys: z.array(z.string().max(1000)).max(20),
  /** artifact names out of the manifest; null: all */
  artifacts: z.array(z.string().min(1).max(100)).max(100).nullable(),
  /** what of these artifacts; null: all of it. Since protocol 1.1 */
  selection: selectionSchema.nullable().default(null),
  /** changes to Girder's database once it was compared with the backup; null: none. Since protocol 1.1 */
  fixUps: fixUpsSchema.nullable().default(null),
  target: z.object({
    kind: z.literal('scratch'),
    /** must not exist yet; made root-owned 0700 below one of the policy's restore roots */
    folder: absolutePathSchema,
    mongodb: z
      .object({
        connection: z.string().min(1).max(4096),
        /** put before each database's name */
        databasePrefix: z.string().regex(/^[a-z0-9_]{1,24}$/),
        tools: z.union([z.literal('auto'), z.literal('built-in'), absolutePathSchema]),
      })
      .nullable(),
  }),
  limits,
})

/**
 * A restore in place: what stands there is exchanged, kept beside, and can be put back. Everything goes to the paths and databases
 * that it was backed up from, but for trees of another instance that have their place here. Since protocol 1.1
 */
export const inPlaceSpecSchema = restoreSpecSchema.extend({
  target: z.object({
    kind: z.literal('inPlace'),
    /** null: no MongoDB is restored */
    mongodb: z.object({ connection: z.string().min(1).max(4096) }).nullable(),
    /**
     * Who writes there meanwhile: `stopped`: nobody, as an administrator says. `command`: they are stopped, and started again
     * afterwards, by the programs that the policy file of the host names.
     */
    writers: z.enum(['stopped', 'command']),
    /** a backup on the same remote, of what is replaced; whatever was written since stops the exchange. Null: what is kept beside is the safety. */
    safety: backupReferenceSchema.nullable(),
    /** also where the folder that holds the exchanged ones belongs to somebody else than root, who could meddle */
    allowForeignFolders: z.boolean(),
    /** also while programs have files open below */
    allowOpenFiles: z.boolean(),
    /** of another instance's backup, trees by the slug of their source and where they belong here; others go where they were */
    trees: z
      .array(z.object({ source: slugSchema, path: absolutePathSchema }))
      .max(200)
      .default([]),
    /** only where nothing stands yet that would be exchanged: no file, no document */
    requireEmpty: z.boolean().default(false),
  }),
})

/** What becomes of a restore in place that was made: `undo` puts the old back, `drop` removes what is kept beside. Since protocol 1.1 */
export const inPlaceEndSpecSchema = z.object({
  restoreId: idSchema,
  attempt: z.int().min(1),
  instance,
  target: inPlaceSpecSchema.shape.target.pick({ kind: true, writers: true }),
  end: z.enum(['undo', 'drop']),
})

/** A restore as control orders it: without a folder, the worker takes one of the restore's own in its scratch folder, and reports it. */
export const restoreOrderSchema = restoreSpecSchema.extend({
  target: restoreSpecSchema.shape.target.extend({ folder: absolutePathSchema.nullable() }),
})

/** A file of the scripts before Talekeeper, restored beside: there is no manifest, and nothing to compare it with. Since protocol 1.1 */
export const olderRestoreOrderSchema = restoreOrderSchema
  .pick({ restoreId: true, attempt: true, instance: true, worker: true, remote: true, target: true, limits: true })
  .extend({ older: z.object({ path: olderPathSchema }) })

/** Whether a restore could be done, and what stands in its way: nothing is written but a probe that is removed. Since protocol 1.1 */
const checkRestoreSpecSchema = z.object({
  question: z.literal('check-restore'),
  askId: idSchema,
  attempt: z.int().min(1),
  ...restoreOrderSchema.pick({
    restoreId: true,
    instance: true,
    backup: true,
    remote: true,
    signingKeys: true,
    artifacts: true,
    selection: true,
    target: true,
  }).shape,
  /** how much disk the files will take, as far as the dashboard knows; null: as much as the chosen artifacts hold */
  expectedBytes: z.int().min(0).nullable(),
  /** of the chosen entries */
  owners: z.array(z.object({ uid: z.int().min(0), gid: z.int().min(0) })).max(100),
  /** in place by this worker: then `target.folder` counts for nothing. Not there: beside. */
  inPlace: z
    .object({
      worker: restoreSpecSchema.shape.worker,
      ...inPlaceSpecSchema.shape.target.pick({ writers: true, trees: true }).shape,
    })
    .optional(),
})

/** What a restore in place would change, counted. Since protocol 1.1 */
const previewRestoreSpecSchema = checkRestoreSpecSchema.omit({ expectedBytes: true, owners: true }).extend({
  question: z.literal('preview-restore'),
  /** secrets masked */
  fixUps: fixUpsSchema.nullable().default(null),
  inPlace: checkRestoreSpecSchema.shape.inPlace.unwrap(),
})

/** Removal of a scratch place; the worker refuses what its own journal does not know as one. */
export const discardSpecSchema = z.object({
  restoreId: idSchema,
  attempt: z.int().min(1),
  instance,
  target: restoreSpecSchema.shape.target,
})

export const discardOrderSchema = discardSpecSchema.extend({ target: restoreOrderSchema.shape.target })

export const pruneItemSchema = z.object({
  backupId: idSchema,
  folder: backupReferenceSchema.shape.folder,
  /**
   * `retention`: a whole backup, with its manifest. `requested`: the same, by a person's hand. `leftover`: of a failed, cancelled
   * or lost run; refused when a manifest is there.
   */
  reason: z.enum(['retention', 'requested', 'leftover']),
})

export const pruneSpecSchema = z.object({
  pruneId: idSchema,
  attempt: z.int().min(1),
  instance,
  worker: z.object({ id: idSchema, slug: slugSchema }),
  remote: remoteSchema,
  items: z.array(pruneItemSchema).min(1).max(1000),
})

/** A file that must lie in a backup's folder. */
export const expectedFileSchema = z.object({
  name: z.string().min(1).max(200),
  /** null: unknown, its presence is all that is looked for */
  bytes: z.int().min(0).nullable(),
  hash: remoteHashSchema.nullable(),
})

const inspectionBase = {
  inspectionId: idSchema,
  attempt: z.int().min(1),
  instance,
  worker: z.object({ id: idSchema, slug: slugSchema }),
  remote: remoteSchema,
  /** PEM of every key that control signs or signed manifests with */
  signingKeys: z.array(z.string().max(1000)).max(20),
  limits,
}
const folder = backupReferenceSchema.shape.folder

/** A look at a remote, which changes nothing there. */
export const inspectionSpecSchema = z.discriminatedUnion('kind', [
  /** compares the catalogue with what lies in the instance's folder, without reading the parts */
  z.object({
    ...inspectionBase,
    kind: z.literal('listing'),
    backups: z
      .array(z.object({ backupId: idSchema, folder, files: z.array(expectedFileSchema).max(200_000) }))
      .max(100_000),
    /** folders of runs that did not become a backup: known, and not judged */
    ignored: z.array(folder).max(100_000),
  }),
  /** reads every byte of one backup back */
  z.object({
    ...inspectionBase,
    kind: z.literal('readBack'),
    backup: backupReferenceSchema,
    /** a backup of ours must be signed, besides having the manifest that the dashboard knows */
    signed: z.boolean(),
  }),
  /** hands in the manifests of these folders */
  z.object({ ...inspectionBase, kind: z.literal('adoption'), folders: z.array(folder).min(1).max(1000) }),
])

/** Copies a backup, byte by byte as it is, from a remote that holds it to another, into the folder of the same name. */
export const replicationSpecSchema = z.object({
  replicationId: idSchema,
  attempt: z.int().min(1),
  instance,
  worker: z.object({ id: idSchema, slug: slugSchema }),
  backup: backupReferenceSchema.extend({ manifestSha256: sha256Schema }),
  from: remoteSchema,
  to: remoteSchema,
  /** how parts are checked on the other remote */
  partCheck: partCheckSchema,
  /** PEM of every key that control signs or signed manifests with */
  signingKeys: z.array(z.string().max(1000)).max(20),
  limits,
})

/** What it takes to read a backup on behalf of a person who looks at it. */
const reading = {
  askId: idSchema,
  attempt: z.int().min(1),
  instance,
  backup: backupReferenceSchema,
  remote: remoteSchema,
  signingKeys: restoreSpecSchema.shape.signingKeys,
  bytesPerSecond: limits.shape.bytesPerSecond,
  /** of `files` or `config`, by its name in the manifest */
  artifact: z.string().min(1).max(100),
}

/** Where a member of an artifact begins, as its index says. */
const placeSchema = z.object({ part: z.int().min(0), offset: z.int().min(0) })

/** The index of an artifact is sent to PUT /api/worker/transfers/<askId>: its lines, compressed with gzip. */
export const sendIndexSpecSchema = z.object({ question: z.literal('send-index'), ...reading })

/** The content of one file goes there as it is. */
export const sendFileSpecSchema = z.object({
  question: z.literal('send-file'),
  ...reading,
  /** the name that holds the content: of hard links the first */
  path: rawPathSchema,
  place: placeSchema,
  size: z.int().min(0),
  xxh128: z.string().regex(/^[0-9a-f]{32}$/),
})

/** All that lies at or below a folder goes there as `.tar.zst`, named from the folder on. */
export const sendFolderSpecSchema = z.object({
  question: z.literal('send-folder'),
  ...reading,
  path: rawPathSchema,
  /** of its members that are no hard links; null: there are none */
  first: placeSchema.nullable(),
  last: placeSchema.nullable(),
})

export const askSpecSchema = z.discriminatedUnion('question', [
  z.object({
    question: z.literal('test-remote'),
    askId: idSchema,
    attempt: z.int().min(1),
    instance,
    remote: remoteSchema,
    /** the same place with the credential that deletes: then `remote` must not be able to */
    keeper: remoteSchema.nullable().default(null),
  }),
  /** what the worker's rclone says of a backend, for the form: since protocol 1.1 */
  z.object({
    question: z.literal('list-backends'),
    askId: idSchema,
    attempt: z.int().min(1),
    instance,
    backend: backendSchema,
  }),
  /** folders alone, for a base folder to be chosen: since protocol 1.1 */
  z.object({
    question: z.literal('list-folder'),
    askId: idSchema,
    attempt: z.int().min(1),
    instance,
    /** its own base folder plays no part */
    remote: remoteSchema,
    /** empty: the first one */
    folder: z.union([z.literal(''), baseFolderSchema]),
    make: z.boolean(),
  }),
  /** the keys that an SSH server shows: since protocol 1.1 */
  z.object({
    question: z.literal('scan-host-key'),
    askId: idSchema,
    attempt: z.int().min(1),
    instance,
    host: hostSchema,
    port: portSchema,
  }),
  z.object({
    question: z.literal('check-source'),
    askId: idSchema,
    attempt: z.int().min(1),
    instance,
    source: sourceSchema,
  }),
  /** what Girder keeps, and where: since protocol 1.1 */
  z.object({
    question: z.literal('discover'),
    askId: idSchema,
    attempt: z.int().min(1),
    instance,
    source: mongodbSourceSchema,
  }),
  checkRestoreSpecSchema,
  previewRestoreSpecSchema,
  sendIndexSpecSchema,
  sendFileSpecSchema,
  sendFolderSpecSchema,
])

export type BackupSpec = z.infer<typeof backupSpecSchema>
export type RestoreSpec = z.infer<typeof restoreSpecSchema>
export type InPlaceSpec = z.infer<typeof inPlaceSpecSchema>
export type InPlaceEndSpec = z.infer<typeof inPlaceEndSpecSchema>
export type RestoreOrder = z.infer<typeof restoreOrderSchema>
export type OlderRestoreOrder = z.infer<typeof olderRestoreOrderSchema>
export type DiscardOrder = z.infer<typeof discardOrderSchema>
export type DiscardSpec = z.infer<typeof discardSpecSchema>
export type PruneSpec = z.infer<typeof pruneSpecSchema>
export type InspectionSpec = z.infer<typeof inspectionSpecSchema>
export type ReplicationSpec = z.infer<typeof replicationSpecSchema>
export type ExpectedFile = z.infer<typeof expectedFileSchema>
export type AskSpec = z.infer<typeof askSpecSchema>
export type PreviewRestoreSpec = z.infer<typeof previewRestoreSpecSchema>
export type CheckRestoreSpec = z.infer<typeof checkRestoreSpecSchema>
export type SendIndexSpec = z.infer<typeof sendIndexSpecSchema>
export type SendFileSpec = z.infer<typeof sendFileSpecSchema>
export type SendFolderSpec = z.infer<typeof sendFolderSpecSchema>
export type Place = z.infer<typeof placeSchema>
export type Baseline = z.infer<typeof baselineSchema>
