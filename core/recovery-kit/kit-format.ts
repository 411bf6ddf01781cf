import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { keyOfPassphrase, seal, unseal } from '@/lib/crypto'
import { displayNameSchema, environmentSchema, idSchema, slugSchema } from '@/protocol/names'
import { Problem } from '@/protocol/problem'

/** What a lost dashboard is rebuilt from, besides the remotes. */
export const kitSchema = z.object({
  format: z.literal(1),
  madeAt: z.iso.datetime(),
  publicUrl: z.string().max(500),
  /** tells which sealing key the database was sealed with; the key itself is never in a kit */
  sealingKeyId: z.string().max(20),
  signingKeys: z
    .array(
      z.object({
        publicKey: z.string().max(1000),
        privateKey: z.string().max(1000),
        createdAt: z.iso.datetime(),
        retiredAt: z.iso.datetime().nullable(),
      }),
    )
    .max(100),
  instances: z
    .array(z.object({ id: idSchema, slug: slugSchema, name: displayNameSchema, environment: environmentSchema }))
    .max(10_000),
})
export type Kit = z.infer<typeof kitSchema>

export const passphraseSchema = z
  .string()
  .min(12, 'Use at least 12 characters: a few unrelated words are good.')
  .max(200, 'Use at most 200 characters.')

const [begin, end] = ['-----BEGIN TALEKEEPER RECOVERY KIT-----', '-----END TALEKEEPER RECOVERY KIT-----']
const place = { table: 'recovery kit', row: 'format 1', field: 'content' }
const longestKit = 4 * 1024 * 1024

/** The text to keep: what it is and what it is for in plain words, and the content sealed with the passphrase. */
export async function writeKit(kit: Kit, passphrase: string): Promise<string> {
  const salt = randomBytes(16)
  const sealed = seal(JSON.stringify(kit), place, await keyOfPassphrase(passphrase, salt))
  const lines = `${salt.toString('base64url')}.${sealed}`.match(/.{1,76}/g) ?? []
  return [...plainWords(kit), begin, ...lines, end, ''].join('\n')
}

function plainWords(kit: Kit): string[] {
  return [
    'Talekeeper recovery kit',
    '',
    `Made ${kit.madeAt} by ${kit.publicUrl}`,
    'With this file, its passphrase and the remotes, a lost dashboard is rebuilt:',
    '  npm run recovery-kit -- import FILE        (docs/operations.md, "Rebuild a lost dashboard")',
    'Keep it away from the server and from the remotes, and its passphrase away from it.',
    `The sealing key (its id: ${kit.sealingKeyId}) is not in here: keep a copy of SEALING_KEY beside the database's.`,
    '',
    'Instances:',
    ...kit.instances.map(({ slug, id }) => `  ${slug.padEnd(40)}  ${id}`),
    '',
  ]
}

/** The content of a kit. Throws Problem `not-a-kit`, `wrong-passphrase`. */
export async function readKit(text: string, passphrase: string): Promise<Kit> {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (text.length > longestKit || from < 0 || to < from) throw notAKit()
  const body = text.slice(from + begin.length, to).replace(/\s+/g, '')
  const dot = body.indexOf('.')
  const salt = Buffer.from(body.slice(0, dot), 'base64url')
  if (salt.length !== 16) throw notAKit()
  const key = await keyOfPassphrase(passphrase, salt)
  let content: string
  try {
    content = unseal(body.slice(dot + 1), place, key)
  } catch (cause) {
    throw new Problem(
      {
        code: 'wrong-passphrase',
        text: 'The recovery kit does not open: the passphrase is another one, or the file was altered.',
        action: 'Type the passphrase again; capitals and spaces count.',
      },
      { cause },
    )
  }
  return kitSchema.parse(JSON.parse(content))
}

function notAKit(): Problem {
  return new Problem({
    code: 'not-a-kit',
    text: 'This file is not a recovery kit of Talekeeper, or a part of it is missing.',
    action: 'Use the file as it was downloaded, from its first line to its last.',
  })
}
