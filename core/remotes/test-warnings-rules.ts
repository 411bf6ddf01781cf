import type { z } from 'zod'
import type { Backend } from '@/protocol/remotes'
import type { testRemoteAnswerSchema } from '@/protocol/worker-api'

type Facts = Pick<z.infer<typeof testRemoteAnswerSchema>, 'hashes' | 'features' | 'quota' | 'probeBytes' | 'steps'>

/** Where what is deleted lies in a trash and counts against the quota for a while, and for how long as a rule. */
const trashes: Partial<Record<Backend, string>> = {
  box: '30 days, unless the account’s administrator set another time',
  drive: '30 days',
  dropbox: '30 days or longer, by plan',
  onedrive: '30 to 93 days',
  b2: 'good, as hidden versions, unless “delete for good” is set or a lifecycle rule removes them',
  pcloud: '15 to 30 days',
  mega: 'good, unless “hard delete” is set',
  opendrive: 'some time',
  koofr: 'some time',
  protondrive: '30 days',
  seafile: '30 days',
}

/** Where a new file may be missing from the folder’s list for a moment. */
const eventualListings: readonly Backend[] = ['swift', 'internetarchive', 'mega', 'qingstor']

const ours = ['sha256', 'sha1', 'md5']

/** What one should know of a remote before backups lie on it, a sentence each. */
export function testWarnings(backend: Backend, { hashes, features, quota }: Facts): string[] {
  const trash = trashes[backend]
  return [
    ...(hashes.some((hash) => ours.includes(hash))
      ? []
      : [
          'It tells no checksum that Talekeeper can compute, so each part is read back after its upload: that doubles the traffic.',
        ]),
    ...(trash
      ? [`What retention deletes stays in the trash for ${trash}, and counts against the quota until then.`]
      : []),
    ...(eventualListings.includes(backend)
      ? ['A new file may be missing from its lists for a moment; a check right after an upload is then repeated.']
      : []),
    ...(features?.caseInsensitive
      ? ['It takes names that differ only in upper and lower case for the same; Talekeeper’s own names never do.']
      : []),
    ...(features && !features.renames
      ? ['It cannot rename: rclone copies and deletes instead. Backups do not need it.']
      : []),
    ...(quota?.freeBytes !== null && quota?.freeBytes !== undefined && quota.freeBytes < 10 * 1024 ** 3
      ? ['There is little room left on it.']
      : []),
  ]
}

/** Bytes a second of one step, by the clock and with rclone’s own start: at least so much. null: it did not run. */
export function throughputOf({ steps, probeBytes }: Facts, name: 'write' | 'read'): number | null {
  const step = steps.find((one) => one.name === name && one.ok)
  return step && step.milliseconds > 0 ? (probeBytes * 1000) / step.milliseconds : null
}
