import { z } from 'zod'
import type { Actor } from '@/core/audit/actor'
import { connectByPaste } from '@/core/connections/connect-by-paste'
import { createConnection } from '@/core/connections/create-connection'
import { personInputSchema } from '@/core/connections/schema'
import { Problem } from '@/protocol/problem'
import { createRemote } from './create-remote'
import { parseRcloneConfig } from '@/protocol/rclone-config'
import { type ReadSection, readConfigSection } from './read-config-section'
import { remoteInputSchema } from './schema'

const chosenSchema = z.object({
  section: z.string().min(1).max(200),
  slug: z.string(),
  name: z.string(),
  baseFolder: z.string(),
  hostKey: z.string().default(''),
  /** empty: a new one is made of the section’s token */
  connectionId: z.string().default(''),
})
/** What a person chose of a file, and filled in. */
export const importChoicesSchema = z.array(chosenSchema).min(1, 'Choose at least one.').max(100)
type Chosen = z.infer<typeof chosenSchema>

export type ImportResult = { section: string; made: boolean; words: string }

/**
 * Makes a remote of each chosen section, one after the other: what fails keeps none of the others. A section that signs in by a
 * token becomes a connection too, unless one is chosen; that uses the token up, where the provider’s are for one use.
 */
export async function importRemotes(
  actor: Actor,
  text: string,
  choices: Chosen[],
  keptPasswords: boolean,
): Promise<ImportResult[]> {
  const sections = parseRcloneConfig(text)
  const results: ImportResult[] = []
  for (const chosen of choices) {
    const read = readConfigSection(sections, chosen.section)
    try {
      results.push({ section: chosen.section, made: true, words: await importOne(actor, read, chosen, keptPasswords) })
    } catch (error) {
      results.push({ section: chosen.section, made: false, words: wordsOf(error) })
    }
  }
  return results
}

async function importOne(actor: Actor, read: ReadSection, chosen: Chosen, keptPasswords: boolean): Promise<string> {
  if (read.backend === null || read.lacks.length > 0)
    throw new Problem({ code: 'section-unusable', text: read.lacks.join(' '), action: 'Add this remote by hand.' })
  const candidate = (connectionId: string | undefined) => ({
    ...{ backend: read.backend, slug: chosen.slug, name: chosen.name, baseFolder: chosen.baseFolder },
    ...{ connectionId, secrets: read.secrets },
    options: { ...read.options, ...(chosen.hostKey === '' ? {} : { host_key: chosen.hostKey }) },
    ...(read.crypt ? { crypt: { ...read.crypt, ...(keptPasswords ? { cryptSaved: 'on' } : {}) } } : {}),
  })
  if (chosen.connectionId !== '' || !read.token) {
    await createRemote(actor, remoteInputSchema.parse(candidate(chosen.connectionId || undefined)))
    return 'The remote is added.'
  }
  // what is wrong with the rest is said before a token is used up
  remoteInputSchema.parse(candidate('00000000-0000-4000-8000-000000000000'))
  const { id, problem } = await makeConnection(actor, read, chosen)
  await createRemote(actor, remoteInputSchema.parse(candidate(id)))
  return problem
    ? `The remote and its connection are added, but the connection is not connected: ${problem} Connect it by hand.`
    : 'The remote is added, and its token became a connection: do not use this rclone.conf elsewhere any more.'
}

async function makeConnection(
  actor: Actor,
  { backend, token }: ReadSection,
  { slug, name }: Chosen,
): Promise<{ id: string; problem: string | null }> {
  const { id } = await createConnection(
    actor,
    personInputSchema.parse({
      ...{ slug, name, provider: backend },
      ...{ clientId: token?.clientId, clientSecret: token?.clientSecret },
    }),
  )
  try {
    // the session matters to addresses that are pasted, and this is a token
    await connectByPaste(actor, '', id, token?.json ?? '')
    return { id, problem: null }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { id, problem: error.message }
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof z.ZodError) return [...new Set(error.issues.map(({ message }) => message))].join(' ')
  if (error instanceof Problem) return error.message
  throw error
}
