import { z } from 'zod'
import { rcloneProviders, rcloneVersion } from '@/lib/rclone'
import { allowedOptions } from '@/protocol/advanced-options'
import { type Backend, secretOptions } from '@/protocol/remotes'
import type { listBackendsAnswerSchema } from '@/protocol/worker-api'
import type { RunContext } from './context'

export type BackendWords = z.infer<typeof listBackendsAnswerSchema>

/** As `rclone config providers` prints them, since 1.60. */
const providersSchema = z.array(
  z.object({
    Name: z.string(),
    Prefix: z.string(),
    Description: z.string(),
    Options: z
      .array(
        z.object({
          Name: z.string(),
          Help: z.string(),
          DefaultStr: z.string().default(''),
          Type: z.string(),
          Required: z.boolean().default(false),
          Advanced: z.boolean().default(false),
          Examples: z.array(z.object({ Value: z.string(), Help: z.string() })).nullish(),
        }),
      )
      .nullish(),
  }),
)

const longestHelp = 600

/** What this host's rclone says of a backend and of those of its options that are passed on. A name that comes twice, for several providers, is told once. */
export async function listBackends(backend: Backend, context: Pick<RunContext, 'signal'>): Promise<BackendWords> {
  const version = await rcloneVersion(context.signal)
  const providers = providersSchema.parse(await rcloneProviders(context.signal))
  const found = providers.find(({ Name, Prefix }) => Prefix === backend || Name === backend)
  const names = new Set([...allowedOptions[backend].plain, ...secretOptions(backend)])
  const options = (found?.Options ?? []).filter(
    ({ Name }, index, all) => names.has(Name) && all.findIndex((other) => other.Name === Name) === index,
  )
  return {
    version,
    description: found?.Description.slice(0, 1000) ?? null,
    options: options.map((option) => ({
      name: option.Name,
      help: shorten(option.Help),
      type: option.Type,
      default: option.DefaultStr.slice(0, 500),
      required: option.Required,
      advanced: option.Advanced,
      examples: (option.Examples ?? [])
        .slice(0, 100)
        .map(({ Value, Help }) => ({ value: Value.slice(0, 500), help: Help.split('\n')[0]?.slice(0, 500) ?? '' })),
    })),
  }
}

/** Whole paragraphs, as many as fit. */
function shorten(help: string): string {
  const paragraphs = help.trim().split(/\n{2,}/)
  let text = paragraphs[0] ?? ''
  for (const paragraph of paragraphs.slice(1)) {
    if (text.length + paragraph.length > longestHelp) break
    text += ` ${paragraph}`
  }
  return text.replaceAll(/\s+/g, ' ').slice(0, 2000)
}
