import { displayName } from '@/protocol/display-name'
import type { Selection } from '@/protocol/selection'

/** What a restore brings back, a line for each thing chosen; of artifacts that are wanted whole, their names. */
export function wordsOf({
  artifacts,
  selection,
}: {
  artifacts: string[] | null
  selection: Selection | null
}): string[] {
  if (artifacts === null && selection === null) return ['everything']
  const narrowed = new Set(selection?.paths.map(({ artifact }) => artifact))
  const whole = artifacts?.filter((name) => !narrowed.has(name) && !(selection?.namespaces && name.startsWith('mongo')))
  return [
    ...(whole ?? []),
    ...(selection?.namespaces ?? []).map(({ database, collection }) =>
      collection === null ? `database ${database}` : `collection ${database}.${collection}`,
    ),
    ...(selection?.paths ?? []).flatMap(({ paths }) =>
      paths.map((path) => `/${displayName(Buffer.from(path, 'base64'))}`),
    ),
  ]
}
