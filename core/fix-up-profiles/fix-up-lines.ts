import { emptiedCollections, maskedValue, settingFixUps } from '@/protocol/fix-ups'
import { assetstoreSecret, type StoredFixUps } from './stored-fix-ups'

/** One fix-up as people are told of it, and may leave it out of one restore. */
export type FixUpLine = {
  /** `core.cookie_domain`, `paths`, `empty.token` */
  key: string
  label: string
  value: string | null
}

export function fixUpLines(stored: StoredFixUps): FixUpLine[] {
  const lines: FixUpLine[] = []
  for (const { key, label, isSecret } of settingFixUps) {
    const value = isSecret && stored.secretNames.includes(key) ? maskedValue : stored.settings[key]
    if (value) lines.push({ key, label, value })
  }
  if (stored.secretNames.includes(assetstoreSecret))
    lines.push({ key: assetstoreSecret, label: 'MongoDB of assetstores', value: maskedValue })
  if (stored.paths.length > 0)
    lines.push({
      ...{ key: 'paths', label: 'Paths in settings, assetstores and folders' },
      value: stored.paths.map(({ from, to }) => `${from} → ${to}`).join(', '),
    })
  const plain = (isOn: boolean, key: string, label: string, value: string | null = null) => {
    if (isOn) lines.push({ key, label, value })
  }
  plain(stored.keptSettings, 'keptSettings', 'Addresses, domains and OAuth clients', 'all others as they are here now')
  plain(stored.mailOff, 'mailOff', 'No mail leaves')
  for (const { name, label } of emptiedCollections)
    plain(stored.emptied.includes(name), `empty.${name}`, `Emptied: ${name}`, label)
  plain(stored.clearsRegisteredData, 'registeredData', 'Registered data counts as not cached')
  plain(stored.administrator !== null, 'administrator', 'Administrator', stored.administrator)
  plain(stored.pseudonyms, 'pseudonyms', 'All other users get pseudonyms')
  return lines
}

/** The same without what was unticked. */
export function withoutLines(stored: StoredFixUps, without: string[]): StoredFixUps {
  const isOn = (key: string) => !without.includes(key)
  return {
    ...stored,
    settings: Object.fromEntries(Object.entries(stored.settings).filter(([key]) => isOn(key))),
    secretNames: stored.secretNames.filter(isOn),
    keptSettings: stored.keptSettings && isOn('keptSettings'),
    paths: isOn('paths') ? stored.paths : [],
    mailOff: stored.mailOff && isOn('mailOff'),
    emptied: stored.emptied.filter((name) => isOn(`empty.${name}`)),
    clearsRegisteredData: stored.clearsRegisteredData && isOn('registeredData'),
    administrator: isOn('administrator') ? stored.administrator : null,
    pseudonyms: stored.pseudonyms && isOn('pseudonyms'),
  }
}
