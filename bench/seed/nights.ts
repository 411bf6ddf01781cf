import type { Prisma, RunState } from '@/lib/db'
import type { ProblemFacts } from '@/protocol/problem'
import type { SeededRandom } from '@/scripts/sample/random'
import { type BackupRows, type ContentSize, endedBackup } from './backup-rows'
import type { SeededInstance } from './scene'

export const keepDays = 30

export type NightlyPlan = { instance: SeededInstance; plan: { id: string; slug: string }; size: ContentSize }

/** The backup of one night, `age` nights ago, mostly a good one; older than retention keeps it is no longer on the remote. */
export function nightOf(
  random: SeededRandom,
  { instance, plan, size }: NightlyPlan,
  { age, at, isOutage }: { age: number; at: Date; isOutage: boolean },
): BackupRows {
  const state = isOutage && random.below(3) > 0 ? 'failed' : stateOf(random)
  const isComplete = state === 'succeeded' || state === 'warning'
  const isPinned = isComplete && random.below(1200) === 0
  const isKept = isComplete && (age < keepDays || isPinned)
  return endedBackup(random, {
    instance,
    plan,
    kind: random.below(200) === 0 ? 'manual' : 'scheduled',
    state,
    requestedAt: at,
    size: grown(size, age, random),
    presence: isKept ? (random.below(400) === 0 ? 'missing' : 'present') : isComplete ? 'pruned' : 'absent',
    verification: !isComplete ? 'none' : age % 91 === 0 ? 'drilled' : age % 7 === 0 ? 'readBack' : 'uploaded',
    ...(problems[state] ? { problem: random.pick(problems[state]) } : {}),
    ...(state === 'warning' ? { warnings: warningsOf(random) } : {}),
    ...(isPinned
      ? { pinReason: random.pick(['Before the upgrade', 'Asked for by the auditors', 'End of the project']) }
      : {}),
  })
}

function stateOf(random: SeededRandom): Exclude<RunState, 'queued' | 'running'> {
  const number = random.below(1000)
  if (number < 6) return 'failed'
  if (number < 8) return 'lost'
  if (number < 10) return 'cancelled'
  if (number < 14) return 'skipped'
  return number < 50 ? 'warning' : 'succeeded'
}

/** Data grows: what is there now was built up over the years. */
export function grown({ documents, entries, fileBytes }: ContentSize, age: number, random: SeededRandom): ContentSize {
  const factor = (1 - age / 2200) * (0.99 + random.below(20) / 1000)
  return {
    documents: Math.round(documents * factor),
    entries: Math.round(entries * factor),
    fileBytes: Math.round(fileBytes * factor),
  }
}

export const problems: Partial<Record<RunState, ProblemFacts[]>> = {
  failed: [
    {
      code: 'remote-unreachable',
      text: 'Box does not answer.',
      action: 'Test the remote, and try again.',
      where: 'box',
    },
    {
      code: 'spool-full',
      text: 'The spool has no room for a part of 512 MiB.',
      action: 'Free space on the worker’s host.',
    },
    {
      code: 'not-mounted',
      text: '/mnt/homes is not mounted.',
      action: 'Mount it, and run the plan again.',
      where: 'homes',
    },
    { code: 'mongodb-unreachable', text: 'MongoDB does not answer.', action: 'Check the source.', where: 'mongodb' },
  ],
  lost: [{ code: 'worker-silent', text: 'The worker fell silent for 15 minutes.', action: 'Look at its host.' }],
  skipped: [{ code: 'still-running', text: 'The backup before this one was still running when this one was due.' }],
}

function warningsOf(random: SeededRandom): Omit<Prisma.BackupWarningCreateManyInput, 'backupId'>[] {
  return Array.from({ length: 1 + random.below(8) }, () => ({
    code: random.pick(['file-changed', 'file-vanished']),
    text: 'It changed while it was being read.',
    source: 'homes',
    where: `/mnt/homes/user-${random.below(400)}/notebook-${random.below(20)}.ipynb`,
  }))
}
