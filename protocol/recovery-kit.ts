import { z } from 'zod'
import { displayNameSchema, environmentSchema, idSchema, slugSchema } from './names'
import { Problem } from './problem'

/** What a lost dashboard is rebuilt from, besides the remotes. */
const kitSchema = z.object({
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

/** The lines around the sealed block. */
export const kitFences = {
  begin: '-----BEGIN TALEKEEPER RECOVERY KIT-----',
  end: '-----END TALEKEEPER RECOVERY KIT-----',
} as const

/** What the block is sealed for. */
export const kitPlace = { table: 'recovery kit', row: 'format 1', field: 'content' }

const longestKit = 4 * 1024 * 1024
const saltBytes = 16

/** The content of a kit, opened by `open` from its salt and sealed text. Throws Problem `not-a-kit`, `wrong-passphrase`. */
export async function readKitText(text: string, open: (salt: Buffer, sealed: string) => Promise<string>): Promise<Kit> {
  const [from, to] = [text.indexOf(kitFences.begin), text.indexOf(kitFences.end)]
  if (text.length > longestKit || from < 0 || to < from) throw notAKit()
  const body = text.slice(from + kitFences.begin.length, to).replace(/\s+/g, '')
  const dot = body.indexOf('.')
  const salt = Buffer.from(body.slice(0, dot), 'base64url')
  if (salt.length !== saltBytes) throw notAKit()
  let content: string
  try {
    content = await open(salt, body.slice(dot + 1))
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
