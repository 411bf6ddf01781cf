import { z } from 'zod'
import { absolutePathSchema } from './names'

/** Settings of Girder that are of one instance: its addresses, and what it is known by elsewhere. */
export const settingFixUps = [
  { key: 'core.cors.allow_origin', label: 'Origins that may call the API (CORS)', isSecret: false },
  { key: 'core.cookie_domain', label: 'Domain of cookies', isSecret: false },
  { key: 'oauth.globus_client_id', label: 'Globus client id', isSecret: false },
  { key: 'oauth.globus_client_secret', label: 'Globus client secret', isSecret: true },
  { key: 'oauth.orcid_client_id', label: 'ORCID client id', isSecret: false },
  { key: 'oauth.orcid_client_secret', label: 'ORCID client secret', isSecret: true },
  { key: 'worker.api_url', label: 'Address of the API for workers', isSecret: false },
  { key: 'worker.broker', label: 'Broker of the workers', isSecret: true },
  { key: 'worker.backend', label: 'Result store of the workers', isSecret: true },
] as const
export const settingKeySchema = z.enum(settingFixUps.map(({ key }) => key))
export type SettingKey = z.infer<typeof settingKeySchema>

/** Collections whose documents mean nothing in another instance; Girder and Whole Tale make them anew. */
export const emptiedCollections = [
  { name: 'token', label: 'Login tokens: everybody signs in anew' },
  { name: 'notification', label: 'Notifications' },
  { name: 'upload', label: 'Uploads that were under way' },
  { name: 'session', label: 'Sessions of registered data' },
  { name: 'transfer', label: 'Transfers of registered data' },
  { name: 'lock', label: 'Locks of registered data' },
  { name: 'instance', label: 'Running tales, whose containers are on the other hosts' },
] as const

/** Settings that name a folder: of the plugins for homes, versions, runs and cached data, old names and new. */
export const rootSettings = [
  'wthome.homedir_root',
  'wthome.taledir_root',
  'wtversioning.versions_root',
  'wtversioning.runs_root',
  'wholetale.homes_root',
  'wholetale.workspaces_root',
  'wholetale.versions_root',
  'wholetale.runs_root',
  'dm.private_storage_path',
]

/** As Girder takes one. */
export const loginSchema = z
  .string()
  .trim()
  .max(200)
  .regex(/^[a-z][\da-z_.-]{3,}$/, 'A login has at least four small letters, digits, dots, hyphens or underscores.')

/** What is changed in Girder's database after it was restored, so that it fits another instance. Every list may be empty. */
export const fixUpsSchema = z
  .object({
    /** Girder's own database, as it is called in the backup */
    database: z.string().min(1).max(63),
    settings: z
      .array(z.object({ key: settingKeySchema, value: z.string().min(1).max(4000) }))
      .max(settingFixUps.length)
      .refine((settings) => new Set(settings.map(({ key }) => key)).size === settings.length, 'A setting stands once.'),
    /**
     * those of them that have no value here become what stands in the database of that name, where the backup is restored to; one
     * that is not there goes, unless that database has no settings at all
     */
    keptSettings: z.boolean().default(false),
    /** `mongohost` of assetstores that keep files in MongoDB; null: as it is */
    assetstoreAddress: z.string().min(1).max(4000).nullable(),
    /** The first of them that a path lies at or below; in settings, assetstores and `folder.fsPath`. */
    paths: z.array(z.object({ from: absolutePathSchema, to: absolutePathSchema })).max(50),
    /** no mail leaves: its host becomes one that does not exist */
    mailOff: z.boolean(),
    emptied: z.array(z.enum(emptiedCollections.map(({ name }) => name))).max(emptiedCollections.length),
    /** forgets where registered data is cached, for a cache that was not restored */
    clearsRegisteredData: z.boolean(),
    /** login of a user who becomes an administrator, and whom pseudonyms leave alone; null: nobody */
    administrator: loginSchema.nullable(),
    /** users get pseudonyms that nobody without this key can lead back; null: they stay as they are */
    pseudonyms: z.object({ key: z.base64().min(43).max(200) }).nullable(),
  })
  .refine(({ administrator, pseudonyms }) => pseudonyms === null || administrator !== null, {
    path: ['administrator'],
    message: 'Name an administrator: with pseudonyms nobody else could sign in.',
  })
export type FixUps = z.infer<typeof fixUpsSchema>

/** What became of one fix-up. Secrets are never in it. */
export const fixUpResultSchema = z.object({
  /** which: `setting core.cookie_domain`, `paths`, `empty token` */
  name: z.string().min(1).max(400),
  /** documents */
  changed: z.int().min(0),
  before: z.string().max(1000).nullable(),
  after: z.string().max(1000).nullable(),
})
export type FixUpResult = z.infer<typeof fixUpResultSchema>

/** Stands for what is not shown. */
export const maskedValue = '••••••'
