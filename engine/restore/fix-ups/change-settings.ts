import { ObjectId } from 'bson'
import { type FixUps, maskedValue, rootSettings, type SettingKey, settingFixUps } from '@/protocol/fix-ups'
import { movePath } from './path-prefix'
import { type PlannedFixUp, shownValue } from './planned-fix-up'
import { documentOf, elementOf, textElement, textOf, fieldValue, withField } from './raw-document'

/** One setting goes, so that Girder takes its own default. */
export function removeSetting(key: SettingKey): PlannedFixUp {
  const shown = shownAs(key)
  const fixUp: PlannedFixUp = {
    result: { name: `setting ${key}`, changed: 0, before: null, after: null },
    concerns: (collection) => collection === 'setting',
    change: (document) => {
      if (textOf(document, 'key') !== key) return document
      fixUp.result.before = shown(fieldValue(document, 'value'))
      return null
    },
  }
  return fixUp
}

/** How the value of a setting is shown to people: never a secret. */
export function shownAs(key: string): (value: unknown) => string | null {
  const isSecret = settingFixUps.some((one) => one.key === key && one.isSecret)
  return (value) => (isSecret && value !== null && value !== undefined ? maskedValue : shownValue(value))
}

/** A name that is reserved for never being found (RFC 2606). Girder refuses a blank one, and takes its own host where there is none. */
export const noMailHost = 'mail-off.invalid'

/** One setting gets a value, and is made where the backup has none. */
export function changeSetting(key: string, value: string): PlannedFixUp {
  const shown = shownAs(key)
  let isFound = false
  const fixUp: PlannedFixUp = {
    result: { name: `setting ${key}`, changed: 0, before: null, after: shown(value) },
    concerns: (collection) => collection === 'setting',
    change: (document) => {
      if (textOf(document, 'key') !== key) return document
      isFound = true
      fixUp.result.before = shown(fieldValue(document, 'value'))
      return withField(document, textElement('value', value))
    },
    missing: {
      collection: 'setting',
      document: () => (isFound ? null : settingOf(key, value)),
    },
  }
  return fixUp
}

/** The password of the mail server goes too: it is the other instance's. */
export function turnMailOff(): PlannedFixUp[] {
  const password: PlannedFixUp = {
    result: { name: 'mail password', changed: 0, before: maskedValue, after: null },
    concerns: (collection) => collection === 'setting',
    change: (document) =>
      textOf(document, 'key') === 'core.smtp.password' ? withField(document, textElement('value', '')) : document,
  }
  return [changeSetting('core.smtp_host', noMailHost), password]
}

/** Paths below old roots, in settings, assetstores and folders. */
export function movePaths(pairs: FixUps['paths']): PlannedFixUp[] {
  const shown = {
    before: shownValue(pairs.map(({ from }) => from).join(', ')),
    after: shownValue(pairs.map(({ to }) => to).join(', ')),
  }
  const move = (document: Uint8Array, field: string) => {
    const path = textOf(document, field)
    const moved = path === null ? null : movePath(path, pairs)
    return moved === null || moved === path ? document : withField(document, textElement(field, moved))
  }
  const on = (name: string, collection: string, change: PlannedFixUp['change']): PlannedFixUp => ({
    ...{ result: { name, changed: 0, ...shown }, change },
    concerns: (one) => one === collection,
  })
  return [
    on('paths in settings', 'setting', (document) =>
      rootSettings.includes(textOf(document, 'key') ?? '') ? move(document, 'value') : document,
    ),
    on('paths in assetstores', 'assetstore', (document) => move(document, 'root')),
    on('paths of folders', 'folder', (document) => move(document, 'fsPath')),
  ]
}

/** girder/constants.py, class AssetstoreType */
const gridFs = 1

export function changeAssetstoreAddress(address: string): PlannedFixUp {
  const fixUp: PlannedFixUp = {
    result: { name: 'assetstore address', changed: 0, before: null, after: shownValue(address) },
    concerns: (collection) => collection === 'assetstore',
    change: (document) => {
      if (Number(fieldValue(document, 'type')) !== gridFs) return document
      fixUp.result.before ??= shownValue(fieldValue(document, 'mongohost'))
      return withField(document, textElement('mongohost', address))
    },
  }
  return fixUp
}

function settingOf(key: string, value: string): Uint8Array {
  return documentOf([elementOf('_id', new ObjectId()), textElement('key', key), textElement('value', value)])
}
