import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'

/** What cloud-init makes of user data, as far as ours uses it. */
const userDataSchema = z.strictObject({
  package_update: z.boolean(),
  packages: z.array(z.string()),
  write_files: z.array(
    z.strictObject({
      path: z.string().startsWith('/'),
      owner: z.literal('root:root'),
      permissions: z.string().regex(/^0[0-7]{3}$/),
      content: z.string(),
    }),
  ),
  runcmd: z.array(z.array(z.string())),
})
export type UserData = z.infer<typeof userDataSchema>

export function parseUserData(text: string): UserData {
  if (!text.startsWith('#cloud-config\n')) throw new Error('user data does not begin with #cloud-config')
  return userDataSchema.parse(parse(text))
}

export type UserDataValues = { link: string; workerUrl: string; workerSha256: string; sourceRoots: string[] }

/** The example, with its placeholders replaced as a person does. */
export function exampleWith({ link, workerUrl, workerSha256, sourceRoots }: UserDataValues): UserData {
  const text = readFileSync('deploy/cloud-init/user-data.example.yaml', 'utf8')
    .replace('MIGRATION_LINK', link)
    .replace('https://downloads.example.org/talekeeper-worker.mjs', workerUrl)
    .replace('0'.repeat(64), workerSha256)
    .replace('["/mnt/homes"]', JSON.stringify(sourceRoots))
  return parseUserData(text)
}
