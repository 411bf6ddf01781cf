import type { MongoServer } from '@/lib/mongo-driver'
import { type FixUps, type SettingKey, settingFixUps } from '@/protocol/fix-ups'
import { textOf } from './raw-document'

/** Settings that are of one instance, as the one that is restored into has them. */
export type StandingSettings = {
  /** what it has set itself */
  values: FixUps['settings']
  /** what it has not, so that Girder takes its own default there */
  unset: SettingKey[]
}

/**
 * The settings of the database that stands there, without those that have a value in the fix-ups. Both lists are empty where it has
 * no settings at all: nothing says then how they are there. Values may be secrets, which must not leave the host.
 */
export async function standingSettings(
  { database, settings }: { database: string; settings: readonly { key: SettingKey }[] },
  server: Pick<MongoServer, 'readRaw'>,
): Promise<StandingSettings> {
  const wanted = settingFixUps.map(({ key }) => key).filter((key) => !settings.some((one) => one.key === key))
  const values: FixUps['settings'] = []
  let isEmpty = true
  for await (const batch of server.readRaw(database, 'setting'))
    for (const document of batch) {
      isEmpty = false
      const key = wanted.find((one) => one === textOf(document, 'key'))
      const value = textOf(document, 'value')
      if (key && value) values.push({ key, value })
    }
  return { values, unset: isEmpty ? [] : wanted.filter((key) => !values.some((one) => one.key === key)) }
}
