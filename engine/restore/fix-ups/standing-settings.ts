import type { MongoServer } from '@/lib/mongo-driver'
import { type FixUps, settingFixUps } from '@/protocol/fix-ups'
import { textOf } from './raw-document'

/**
 * What the instance that is restored into has set itself, of the settings that are of one instance and have no value in the fix-ups:
 * read from the database that stands there, which no secret leaves. A setting that it does not have is not among them.
 */
export async function standingSettings(
  { database, settings, keptSettings }: FixUps,
  server: Pick<MongoServer, 'readRaw'>,
): Promise<FixUps['settings']> {
  if (!keptSettings) return []
  const wanted = settingFixUps.map(({ key }) => key).filter((key) => !settings.some((one) => one.key === key))
  const found: FixUps['settings'] = []
  for await (const batch of server.readRaw(database, 'setting'))
    for (const document of batch) {
      const key = wanted.find((one) => one === textOf(document, 'key'))
      const value = textOf(document, 'value')
      if (key && value) found.push({ key, value })
    }
  return found
}
