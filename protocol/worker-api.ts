import { z } from 'zod'
import { eventSchema, progressSchema } from './events'
import { jobNameSchema } from './jobs'
import { contributionSchema } from './manifest'
import { migrationLinkSchema, migrationStates } from './migration-link'
import { idSchema, sha256Schema, slugSchema } from './names'
import { problemSchema } from './problem'
import { checkRestoreAnswerSchema } from './restore-check'
import { restorePreviewSchema } from './restore-preview'
import { backupReferenceSchema } from './specs'

/**
 * The control plane's HTTPS API for workers, all below /api/worker. JSON both ways; `Authorization: Bearer <worker key>` on all
 * but enrolment; header `Talekeeper-Protocol: <protocolVersion>`. A refusal is `{ problem }` with a fitting 4xx status.
 */
export const toolVersionsSchema = z.record(z.string().max(60), z.string().max(200))

/**
 * POST /api/worker/enroll. Worker key and Redis password are made on the worker and never leave it but as bearer and AUTH:
 * enrolment carries their SHA-256 only. The fingerprint shown on both sides is `fingerprintOf(keySha256)`.
 */
export const enrollRequestSchema = z.object({
  token: z.string().min(20).max(200),
  keySha256: sha256Schema,
  redisPasswordSha256: sha256Schema,
  hostName: z.string().min(1).max(255),
  version: z.string().max(40),
  tools: toolVersionsSchema,
})
/** POST /api/worker/migrations, again to have a restore that failed begun anew: enrolment by a migration link. Answers as that does. */
export const redeemMigrationRequestSchema = enrollRequestSchema
  .omit({ token: true })
  .extend({ link: migrationLinkSchema })
/** GET /api/worker/migration, by pending workers too: how far the migration of this worker has come */
export const migrationStandingSchema = z.object({
  state: z.enum(migrationStates),
  restoreId: idSchema.nullable(),
  /** what the restore does now */
  phase: z.string().max(40).nullable(),
  problem: problemSchema.nullable(),
  /** the link is neither withdrawn nor too old */
  isRedeemable: z.boolean(),
})
export type MigrationStanding = z.infer<typeof migrationStandingSchema>
export const workerStateSchema = z.enum(['pending', 'active', 'revoked'])
/** answer to enrolment, and to GET /api/worker/self */
export const selfSchema = z.object({
  workerId: idSchema,
  workerSlug: slugSchema,
  instance: z.object({ id: idSchema, slug: slugSchema }),
  state: workerStateSchema,
  fingerprint: z.string().max(100),
  /** present once active */
  redis: z
    .object({
      url: z.string().max(500),
      username: z.string().max(100),
      prefix: z.string().regex(/^tk:[0-9a-f]{16,64}$/),
    })
    .nullable(),
  /** PEM of the keys that sign manifests, newest first */
  signingKeys: z.array(z.string().max(1000)).max(20),
})

/** GET /api/worker/standing: how the instance's plans stand, for a monitoring agent on the worker's host */
export const standingSchema = z.object({
  instance: z.object({ slug: slugSchema, name: z.string().max(200) }),
  plans: z
    .array(
      z.object({
        slug: slugSchema,
        state: z.enum(['unprotected', 'at risk', 'paused', 'protected']),
        /** the worst of what is known of it, in words */
        text: z.string().max(1000),
        overdueSince: z.iso.datetime().nullable(),
        /** from then on it is overdue, unless a good backup is made before; null: it is paused, or never runs */
        overdueFrom: z.iso.datetime().nullable(),
        newestGood: z
          .object({ finishedAt: z.iso.datetime(), seconds: z.number().min(0).nullable(), bytes: z.number().min(0) })
          .nullable(),
      }),
    )
    .max(1000),
})
export type Standing = z.infer<typeof standingSchema>

const runReference = z.object({ name: jobNameSchema, id: idSchema, attempt: z.int().min(1) })
export type RunReference = z.infer<typeof runReference>

/** POST /api/worker/heartbeat, every 15 s while the worker runs */
export const heartbeatRequestSchema = z.object({
  hostName: z.string().min(1).max(255),
  version: z.string().max(40),
  tools: toolVersionsSchema,
  spoolFreeBytes: z.int().min(0),
  /** since protocol 1.1 */
  spoolTotalBytes: z.int().min(0).default(0),
  clock: z.iso.datetime(),
  running: z.array(runReference).max(20),
})
export const heartbeatResponseSchema = z.object({ serverTime: z.iso.datetime(), cancel: z.array(runReference).max(20) })

/** POST /api/worker/claims: answers `{ spec }`, to be parsed with the schema of that job */
export const claimRequestSchema = runReference
export const claimResponseSchema = z.object({ spec: z.unknown() })

/** POST /api/worker/events */
export const eventsRequestSchema = z.object({
  run: runReference,
  events: z.array(eventSchema).max(500),
  progress: progressSchema.nullable(),
})
export const eventsResponseSchema = z.object({
  /** the last sequence that is stored; the worker sends everything after it again */
  lastSequence: z.int().min(0),
  cancel: z.boolean(),
})

/** POST /api/worker/contributions: what a worker adds to a backup that others complete, before it says that it finished */
export const contributionRequestSchema = z.object({ run: runReference, contribution: contributionSchema })

/** POST /api/worker/go: the manifest's exact text, before it is uploaded */
export const goRequestSchema = z.object({ run: runReference, manifest: z.string().max(64 * 1024 * 1024) })
/** base64 of the Ed25519 signature over the manifest's bytes */
export const goResponseSchema = z.object({ signature: z.string().max(200) })

/** POST /api/worker/swap-go: before a restore in place exchanges what stands there */
export const swapGoRequestSchema = z.object({ run: runReference })

/** POST /api/worker/copy-go: before a replication makes a folder on the other remote a backup, by its manifest */
export const copyGoRequestSchema = z.object({ run: runReference, manifestSha256: sha256Schema })

/** POST /api/worker/manifests: a manifest found on a remote, by the run of an adoption */
export const manifestRequestSchema = z.object({
  run: runReference,
  folder: backupReferenceSchema.shape.folder,
  manifest: z.string().max(64 * 1024 * 1024),
  /** content of `manifest.sig`; null: there is none */
  signature: z.string().max(4096).nullable(),
})
/** `foreign`: no key of ours signed it. `known`: it is in the catalogue already. */
export const manifestResponseSchema = z.object({ origin: z.enum(['adopted', 'foreign', 'known']) })

/** POST /api/worker/answers: to a question of the `ask` queue */
const quotaSchema = z.object({
  totalBytes: z.number().min(0).nullable(),
  usedBytes: z.number().min(0).nullable(),
  freeBytes: z.number().min(0).nullable(),
  trashedBytes: z.number().min(0).nullable(),
})
export const testStepNames = ['list', 'folder', 'write', 'read', 'compare', 'rename', 'delete'] as const
export const testRemoteAnswerSchema = z.object({
  steps: z
    .array(
      z.object({
        name: z.enum(testStepNames),
        ok: z.boolean(),
        milliseconds: z.int().min(0),
        problem: problemSchema.nullable(),
      }),
    )
    .max(10),
  hashes: z.array(z.string().max(40)).max(20),
  /** what was written and read: since protocol 1.1, as all below */
  probeBytes: z.int().min(1).default(4096),
  /** null: the backend does not tell */
  quota: quotaSchema.nullable().default(null),
  /** with a keeper: what the workers’ credential could do to a backup all the same; null: not tried */
  writerMay: z.object({ overwrite: z.boolean(), delete: z.boolean() }).nullable().default(null),
  features: z.object({ caseInsensitive: z.boolean(), renames: z.boolean() }).nullable().default(null),
})
export const foldersAnswerSchema = z.object({
  folders: z.array(z.string().max(4096)).max(1000),
  /** false: there are more */
  isWhole: z.boolean(),
})
export const hostKeysAnswerSchema = z.object({
  keys: z
    .array(z.object({ type: z.string().max(60), key: z.string().max(4096), fingerprint: z.string().max(100) }))
    .max(10),
})
/** Options that are passed on, in the words of the worker's rclone. */
export const listBackendsAnswerSchema = z.object({
  /** of rclone */
  version: z.string().max(40),
  /** null: this rclone does not have the backend */
  description: z.string().max(1000).nullable(),
  options: z
    .array(
      z.object({
        name: z.string().max(80),
        help: z.string().max(2000),
        /** as rclone calls it: string, bool, int, SizeSuffix, Duration, … */
        type: z.string().max(40),
        default: z.string().max(500),
        required: z.boolean(),
        advanced: z.boolean(),
        examples: z.array(z.object({ value: z.string().max(500), help: z.string().max(500) })).max(100),
      }),
    )
    .max(200),
})
export const checkSourceAnswerSchema = z.object({ facts: z.record(z.string().max(60), z.string().max(500)) })
export const discoverAnswerSchema = z.object({
  databases: z.array(z.object({ name: z.string().max(255), sizeBytes: z.number().min(0) })).max(1000),
  /** databases that Girder keeps its own collections in */
  girder: z.array(z.string().max(255)).max(50),
  assetstores: z
    .array(
      z.object({
        name: z.string().max(200),
        kind: z.enum(['filesystem', 'gridfs', 's3', 'other']),
        /** a folder, a database, or a bucket, as Girder calls it */
        place: z.string().max(4096),
        /** hosts of another MongoDB server than the source's; null: the same */
        otherServer: z.string().max(500).nullable(),
        /** whether this host has the folder; null for what is no folder */
        isOnHost: z.boolean().nullable(),
      }),
    )
    .max(200),
  /** folders that Girder names by absolute path */
  roots: z
    .array(
      z.object({
        path: z.string().max(4096),
        /** keys of Girder's settings; empty: found in `fsPath` of folders only */
        settings: z.array(z.string().max(100)).max(50),
        /** how many of the folders that were looked at lie below */
        folders: z.int().min(0),
        isOnHost: z.boolean(),
      }),
    )
    .max(200),
  /** false: there are more folders than were looked at */
  isWhole: z.boolean(),
})
export type Discovered = z.infer<typeof discoverAnswerSchema>

/** to the questions that make the worker send bytes; comes after them */
export const sentAnswerSchema = z.object({
  /** of an index its lines, of a folder what it holds, of a file 1 */
  entries: z.int().min(0),
  /** entries that are not sent, since they could do harm where they are unpacked */
  leftOut: z.int().min(0),
})
export const answerRequestSchema = z.object({
  run: runReference,
  problem: problemSchema.nullable(),
  answer: z
    .union([
      restorePreviewSchema,
      testRemoteAnswerSchema,
      listBackendsAnswerSchema,
      foldersAnswerSchema,
      hostKeysAnswerSchema,
      checkSourceAnswerSchema,
      discoverAnswerSchema,
      checkRestoreAnswerSchema,
      sentAnswerSchema,
    ])
    .nullable(),
})

/**
 * PUT /api/worker/transfers/<id of the question>: what was asked for as a stream of bytes, once. The answer comes when whoever
 * wanted it has taken all; 409 `transfer-ended`: nobody wants it any more. The body breaks off where the content is not as it was.
 */

export const refusalSchema = z.object({ problem: problemSchema })

/** Groups of four hexadecimal digits, easy to compare by eye on two screens. */
export function fingerprintOf(keySha256: string): string {
  return (keySha256.slice(0, 32).match(/.{4}/g) ?? []).join(' ')
}
