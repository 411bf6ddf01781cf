import type { ProblemFacts } from '@/protocol/problem'
import type { Condition } from './condition'

export type WatchedMigration = {
  id: string
  instance: { id: string; name: string }
  workerSlug: string
  /** what stands against its restore, while its link is good; null: nothing */
  problem: ProblemFacts | null
}

export function migrationConditions({ id, instance, workerSlug, problem }: WatchedMigration): Condition[] {
  if (!problem) return []
  return [
    {
      ...{ kind: 'migration-failed', subject: `migration:${id}`, severity: 'warning' },
      title: `The migration to “${workerSlug}” of ${instance.name} cannot begin`,
      text: problem.text,
      meaning: 'The host was there, and nothing is restored on it.',
      action: problem.action ?? 'Open it, do something about it, and repeat the command on the host.',
      ...{ href: `/migrations/${id}`, instanceIds: [instance.id], since: null },
    },
  ]
}
