import { z } from 'zod'
import { kindNames, severities } from '@/core/incidents/kind-rules'
import { displayNameSchema, environmentSchema, idSchema } from '@/protocol/names'

/** What the form of a channel sends. Secrets that are left empty are kept as they are. */

export const channelKinds = ['email', 'slack', 'teams', 'matrix', 'webhook', 'ntfy'] as const
export type ChannelKind = (typeof channelKinds)[number]

export const digestChoices = ['never', 'daily', 'weekly'] as const

const host = z
  .string()
  .trim()
  .min(1, 'Enter the name of the mail server.')
  .max(253)
  .regex(/^[A-Za-z0-9.:-]+$/, 'Enter a host name, without a protocol or port.')

const addressMessage = (address: string) => `“${address}” is no e-mail address.`
const address = z
  .string()
  .max(254)
  .refine(isAddress, { error: ({ input }) => addressMessage(String(input)) })

function isAddress(text: string): boolean {
  return z.email().safeParse(text).success
}

/** `a@b.org, c@d.org`, or one a line */
const addressList = z
  .string()
  .max(4000)
  .transform((text) => [...new Set(text.split(/[\s,;]+/).filter(Boolean))])
  .pipe(z.array(address).min(1, 'Enter at least one address.').max(50, 'At most 50 addresses.'))

const url = z
  .string()
  .trim()
  .max(2000)
  .refine((text) => /^https?:\/\//.test(text) && URL.canParse(text), 'Enter an address that begins with https://')
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  z.union([z.literal('').transform(() => undefined), schema]).optional()

export const settingsSchemas = {
  email: z.object({
    host,
    port: z.coerce.number('Enter a port, such as 587.').int().min(1).max(65_535),
    security: z.enum(['tls', 'starttls', 'none']),
    user: z.string().trim().max(254).default(''),
    from: z.string().trim().pipe(address),
    to: addressList,
  }),
  slack: z.object({}),
  teams: z.object({}),
  matrix: z.object({
    server: url,
    room: z
      .string()
      .trim()
      .regex(/^![^\s/?#]{1,254}$/, 'Enter the room’s internal id, which begins with !, not its name or alias.'),
  }),
  webhook: z.object({}),
  ntfy: z.object({ server: url.default('https://ntfy.sh') }),
}

export const secretSchemas = {
  email: z.object({ password: optional(z.string().max(1000)) }),
  slack: z.object({ url: optional(url) }),
  teams: z.object({ url: optional(url) }),
  matrix: z.object({
    token: optional(
      z
        .string()
        .trim()
        .max(1000)
        .regex(/^[!-~]+$/, 'An access token has no spaces and no other letters.'),
    ),
  }),
  webhook: z.object({
    url: optional(url),
    key: optional(z.string().trim().min(16, 'Use at least 16 characters.').max(200)),
  }),
  ntfy: z.object({
    topic: optional(
      z
        .string()
        .trim()
        .regex(/^[\w-]{1,64}$/, 'A topic has letters, digits, _ and -, at most 64.'),
    ),
    token: optional(z.string().trim().max(200)),
  }),
}

/** Without these a channel reaches nobody. */
export const neededSecrets: Record<ChannelKind, string[]> = {
  email: [],
  slack: ['url'],
  teams: ['url'],
  matrix: ['token'],
  webhook: ['url', 'key'],
  ntfy: ['topic'],
}

const clockTime = optional(z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Enter a time such as 22:00.'))

const rulesSchema = z.object({
  name: displayNameSchema,
  paused: z.boolean(),
  severity: z.enum(severities),
  environments: z.array(environmentSchema),
  instanceIds: z.array(idSchema).max(500),
  kinds: z.array(z.enum(kindNames)),
  timeZone: z.string().refine(isTimeZone, 'Choose a time zone.'),
  quietFrom: clockTime,
  quietUntil: clockTime,
  digest: z.enum(digestChoices),
  digestHour: z.coerce.number().int().min(0).max(23),
})

const ofKind = <Kind extends ChannelKind>(kind: Kind) =>
  rulesSchema.extend({ kind: z.literal(kind), settings: settingsSchemas[kind], secrets: secretSchemas[kind] })

export const channelInputSchema = z
  .discriminatedUnion('kind', [
    ofKind('email'),
    ofKind('slack'),
    ofKind('teams'),
    ofKind('matrix'),
    ofKind('webhook'),
    ofKind('ntfy'),
  ])
  .refine(({ quietFrom, quietUntil }) => Boolean(quietFrom) === Boolean(quietUntil), {
    path: ['quietUntil'],
    message: 'Enter both times, or none.',
  })
export type ChannelInput = z.infer<typeof channelInputSchema>

function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: text })
    return true
  } catch {
    return false
  }
}
