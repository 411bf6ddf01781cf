import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { blockListOf } from './network-guard'

/** Settings come from the environment once, are checked here, and are read nowhere else. `X_FILE` names a file that holds X. */

type Variables = Record<string, string | undefined>

const sealingKey = z
  .string({ error: 'is missing. Make one with: openssl rand -base64 32' })
  .refine(
    (text) => Buffer.from(text, 'base64').length === 32,
    'must be 32 bytes in base64. Make one with: openssl rand -base64 32',
  )

const networks = z
  .string()
  .default('')
  .transform((text) => text.split(/[\s,]+/).filter(Boolean))
  .transform((list, context) => {
    try {
      return blockListOf(list)
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'cannot be read' })
      return z.NEVER
    }
  })

const controlPlaneSchema = z
  .object({
    PUBLIC_URL: z.url({
      protocol: /^https?$/,
      error: 'must be the address that browsers use, e.g. https://backups.example.org',
    }),
    DATA_FOLDER: z.string().min(1).default('./data'),
    SEALING_KEY: sealingKey,
    NEW_SEALING_KEY: sealingKey.optional(),
    AUTH_SECRET: z
      .string({ error: 'is missing. Make one with: openssl rand -base64 32' })
      .min(32, 'needs at least 32 characters'),
    REDIS_URL: z
      .string({ error: 'is missing, e.g. rediss://web:PASSWORD@localhost:6379' })
      .regex(/^rediss?:\/\//, 'must begin with redis:// or rediss://'),
    REDIS_ADMIN_URL: z
      .string()
      .regex(/^rediss?:\/\//, 'must begin with redis:// or rediss://')
      .optional(),
    REDIS_WORKER_URL: z
      .string()
      .regex(/^rediss?:\/\/[^@]*$/, 'must be redis://host:port or rediss://host:port, without a user')
      .optional(),
    MIGRATIONS_FOLDER: z.string().default('./prisma/migrations'),
    LOST_AFTER_SECONDS: z.coerce.number().int().min(5).default(900),
    TRUSTED_PROXY_HOPS: z.coerce.number().int().min(0).max(10).default(0),
    INDEX_CACHE_MEBIBYTES: z.coerce.number().int().min(64).default(4096),
    ALERT_NETWORKS: networks,
    METRICS_TOKEN: z.string().min(16, 'needs at least 16 characters. Make one with: openssl rand -hex 24').optional(),
    TICK_SECONDS: z.coerce.number().int().min(1).max(60).default(60),
  })
  .transform((env) => ({
    publicUrl: env.PUBLIC_URL.replace(/\/$/, ''),
    dataFolder: resolve(env.DATA_FOLDER),
    databaseFile: join(resolve(env.DATA_FOLDER), 'talekeeper.db'),
    sealingKey: Buffer.from(env.SEALING_KEY, 'base64'),
    /** of scripts/rotate-key.ts alone */
    newSealingKey: env.NEW_SEALING_KEY === undefined ? undefined : Buffer.from(env.NEW_SEALING_KEY, 'base64'),
    authSecret: env.AUTH_SECRET,
    /** of web and control: all keys below `tk:`, no administration */
    redisUrl: env.REDIS_URL,
    /** of control alone: may set ACL users */
    redisAdminUrl: env.REDIS_ADMIN_URL,
    /** what workers dial, without credentials; the host and port of REDIS_URL where not given */
    redisWorkerUrl: env.REDIS_WORKER_URL ?? env.REDIS_URL.replace(/\/\/[^@]*@/, '//'),
    migrationsFolder: resolve(env.MIGRATIONS_FOLDER),
    /** silence after which a running backup counts as lost */
    lostAfterSeconds: env.LOST_AFTER_SECONDS,
    /** how many reverse proxies of ours append to X-Forwarded-For in front of web; 0: the header is not believed */
    trustedProxyHops: env.TRUSTED_PROXY_HOPS,
    /** of the files that browsing backups keeps in the data folder; the least recently used go first */
    indexCacheBytes: env.INDEX_CACHE_MEBIBYTES * 1024 ** 2,
    /** networks of this host or of the institute that alerts and pings may be sent to, though not reachable from the Internet */
    alertNetworks: env.ALERT_NETWORKS,
    /** what Prometheus shows to read /metrics; undefined: nobody may */
    metricsToken: env.METRICS_TOKEN,
    /** how often control looks for what is due */
    tickSeconds: env.TICK_SECONDS,
  }))

const commonSchema = z
  .object({
    LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
    HTTPS_PROXY: z.string().optional(),
    NO_PROXY: z.string().optional(),
    EXTRA_CA_FILE: z.string().optional(),
    PATH: z.string().default('/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'),
    TMPDIR: z.string().default('/tmp'),
  })
  .transform((env) => ({
    logLevel: env.LOG_LEVEL,
    httpsProxy: env.HTTPS_PROXY || undefined,
    /** hosts that are reached without the proxy, separated by commas; loopback always is */
    noProxy: env.NO_PROXY || undefined,
    extraCaFile: env.EXTRA_CA_FILE || undefined,
    path: env.PATH,
    temporaryFolder: env.TMPDIR,
  }))

export type ControlPlaneEnv = z.infer<typeof controlPlaneSchema>
export type CommonEnv = z.infer<typeof commonSchema>

/** Reads settings out of `variables`. Throws an Error that names every setting at fault and what it should be. */
export function parseControlPlaneEnv(variables: Variables): ControlPlaneEnv {
  return parse(controlPlaneSchema, variables)
}

export function parseCommonEnv(variables: Variables): CommonEnv {
  return parse(commonSchema, variables)
}

function parse<T>(schema: z.ZodType<T>, variables: Variables): T {
  const result = schema.safeParse(withFiles(variables))
  if (result.success) return result.data
  const faults = result.error.issues.map((issue) => `  ${issue.path.join('.')} ${issue.message}`)
  throw new Error(
    `Talekeeper cannot start. Settings in the environment (or in a file named by NAME_FILE):\n${faults.join('\n')}`,
  )
}

function withFiles(variables: Variables): Variables {
  const values: Variables = { ...variables }
  for (const [name, file] of Object.entries(variables)) {
    if (!name.endsWith('_FILE') || name === 'EXTRA_CA_FILE' || !file) continue
    const target = name.slice(0, -'_FILE'.length)
    if (!(target in controlPlaneSchema.in.shape)) continue
    if (variables[target]) throw new Error(`Talekeeper cannot start. Both ${target} and ${name} are set; keep one.`)
    values[target] = readFileSync(file, 'utf8').trim()
  }
  return values
}

let controlPlane: ControlPlaneEnv | undefined
let common: CommonEnv | undefined

export function controlPlaneEnv(): ControlPlaneEnv {
  controlPlane ??= parseControlPlaneEnv(process.env)
  return controlPlane
}

export function commonEnv(): CommonEnv {
  common ??= parseCommonEnv(process.env)
  return common
}
