import type { Contribution } from '@/protocol/manifest'
import type { Source } from '@/protocol/sources'
import type { BackupPlace, BackupRun } from './backup-run'

const mostWarnings = 1000
const longestVersion = 200

/** What this worker alone can tell of the backup. */
export function ownContribution(run: BackupRun, place: BackupPlace): Contribution {
  return {
    startedAt: run.startedAt.toISOString(),
    versions: place.versions,
    sources: [...run.sources.mongodb, ...run.sources.trees, ...run.sources.config].map((source) => ({
      kind: source.kind,
      slug: source.slug,
      paths: pathsOf(source),
      exclude: source.kind === 'tree' ? source.exclude : [],
    })),
    artifacts: run.artifacts,
    warnings: run.warnings.named,
    warningCount: run.warnings.count,
    changedFiles: run.changedFiles,
  }
}

/** The whole backup as far as it is made: what the workers before this one handed over, and its own. */
export function joinedContributions(run: BackupRun, place: BackupPlace): Contribution {
  const own = ownContribution(run, place)
  const all = [...run.spec.share.contributions, own]
  return {
    startedAt: all[0]?.startedAt ?? own.startedAt,
    versions: joinedVersions(all.map(({ versions }) => versions)),
    sources: all.flatMap(({ sources }) => sources),
    artifacts: all.flatMap(({ artifacts }) => artifacts),
    warnings: all.flatMap(({ warnings }) => warnings).slice(0, mostWarnings),
    warningCount: all.reduce((sum, { warningCount }) => sum + warningCount, 0),
    changedFiles: all.reduce((sum, { changedFiles }) => sum + changedFiles, 0),
  }
}

/** Where hosts have different versions of a program, all of them are named: `1.34, 1.35`. */
function joinedVersions(all: Record<string, string>[]): Record<string, string> {
  const names = new Set(all.flatMap((versions) => Object.keys(versions)))
  return Object.fromEntries(
    [...names].map((name) => {
      const distinct = new Set(all.flatMap((versions) => versions[name] ?? []))
      return [name, [...distinct].join(', ').slice(0, longestVersion)]
    }),
  )
}

function pathsOf(source: Source): string[] {
  if (source.kind === 'mongodb') return []
  return source.kind === 'tree' ? [source.path] : source.paths
}
