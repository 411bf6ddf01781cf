import { z } from 'zod'
import { idSchema, slugSchema } from './names'
import { Problem } from './problem'

/**
 * A migration link, for a fresh host to become a worker and restore a backup: `tkm1.<facts>.<signature>`, both in base64url. The
 * facts are JSON; the control plane signs them with its key for manifests, and what is signed begins with `signedPrefix`, which no
 * manifest does. The host cannot check the signature: whoever has the link is sent to the dashboard that it names.
 */
export const migrationLinkSchema = z.string().trim().min(50).max(4000)

/** `waiting` for its host, `pending` until somebody confirms that, `beginning` until the restore is asked for. */
export const migrationStates = [
  ...(['waiting', 'pending', 'beginning', 'restoring'] as const),
  ...(['done', 'failed', 'cancelled', 'revoked', 'expired'] as const),
] as const
export type MigrationState = (typeof migrationStates)[number]

const factsSchema = z.strictObject({
  id: idSchema,
  /** of the dashboard, without a trailing slash */
  url: z.url({ protocol: /^https?$/ }).max(500),
  instance: slugSchema,
  worker: slugSchema,
  expiresAt: z.iso.datetime(),
  /** makes that nobody can guess a link, not even by a signature that leaked */
  nonce: z.string().regex(/^[\w-]{43}$/),
})
export type MigrationFacts = z.infer<typeof factsSchema>

const form = /^tkm1\.([\w-]{50,3000})\.([\w-]{80,120})$/
const signedPrefix = 'Talekeeper migration link 1\n'

/** The text that is signed, and the link that they and their signature (base64) make. */
export function linkOf(facts: MigrationFacts): { signed: string; withSignature: (signature: string) => string } {
  const text = Buffer.from(JSON.stringify(factsSchema.parse(facts))).toString('base64url')
  return {
    signed: signedPrefix + text,
    withSignature: (signature) => `tkm1.${text}.${Buffer.from(signature, 'base64').toString('base64url')}`,
  }
}

/** What a link says, and what proves it. Throws Problem `invalid-link`. */
export function readLink(link: string): { facts: MigrationFacts; signed: string; signature: string } {
  const [, text, signature] = form.exec(link.trim()) ?? []
  const facts = text ? factsSchema.safeParse(parseJson(Buffer.from(text, 'base64url').toString('utf8'))) : null
  if (text && signature && facts?.success)
    return {
      facts: facts.data,
      signed: signedPrefix + text,
      signature: Buffer.from(signature, 'base64url').toString('base64'),
    }
  throw new Problem({
    code: 'invalid-link',
    text: 'That is not a migration link, or not the whole of it.',
    action: 'Copy it once more, from “tkm1.” to its end, or have a new one made.',
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
