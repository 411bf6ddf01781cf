import { shownAs } from '@/engine/restore/fix-ups/change-settings'
import { standingSettings } from '@/engine/restore/fix-ups/standing-settings'
import type { choicesOf } from '@/engine/restore/in-place/choose-in-place'
import type { MongoServer } from '@/lib/mongo-driver'
import { type FixUps, settingFixUps } from '@/protocol/fix-ups'
import type { SettingPreview } from '@/protocol/restore-preview'

/** What the fix-ups make of the settings that stand there; none where the restore leaves them alone. */
export async function previewSettings(
  server: Pick<MongoServer, 'readRaw'>,
  fixUps: FixUps,
  choices: ReturnType<typeof choicesOf>,
): Promise<SettingPreview[]> {
  const choice = choices.find(({ database }) => database === fixUps.database)
  if (!choice?.namespaces.some(({ collection }) => collection === 'setting')) return []
  const { values, unset } = await standingSettings({ database: fixUps.database, settings: [] }, server)
  return settingFixUps.map(({ key }) => {
    const now = shownAs(key)(values.find((one) => one.key === key)?.value)
    const entered = fixUps.settings.find((one) => one.key === key)
    if (entered) return { key, now, becomes: 'entered', after: shownAs(key)(entered.value) }
    if (!fixUps.keptSettings) return { key, now, becomes: 'backup', after: null }
    return { key, now, becomes: now !== null ? 'kept' : unset.includes(key) ? 'removed' : 'backup', after: null }
  })
}
