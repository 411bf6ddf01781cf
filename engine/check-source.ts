import type { z } from 'zod'
import type { Source } from '@/protocol/sources'
import type { checkSourceAnswerSchema } from '@/protocol/worker-api'
import { requireMongodbAllowed } from './check-policy'
import type { RunContext } from './context'
import { pathsOfSource } from './files/archive-plan'
import { checkTrees } from './files/preflight-trees'
import { probeMongodb } from './mongodb/probe-mongodb'

export type SourceAnswer = z.infer<typeof checkSourceAnswerSchema>

/** Tries what a backup's preflight will do with a source, and tells what it found. Throws a Problem when a backup would fail. */
export async function checkSource(source: Source, context: RunContext): Promise<SourceAnswer> {
  if (source.kind !== 'mongodb') {
    await checkTrees([source], context.policy, null, context.signal)
    return { facts: { paths: pathsOfSource(source).join(', ').slice(0, 500) } }
  }
  requireMongodbAllowed(context.policy)
  const probe = await probeMongodb(source, {
    toolFolders: context.mongodbToolFolders,
    temporaryFolder: context.temporaryFolder,
    signal: context.signal,
  })
  const tool = probe.tool.way === 'mongodump' ? `mongodump ${probe.tool.version}` : 'built-in dumper'
  const bytes = probe.databases.reduce((sum, database) => sum + database.sizeBytes, 0)
  return {
    facts: {
      server: `MongoDB ${probe.serverVersion}`.slice(0, 500),
      'replica set': (probe.replicaSet ?? 'none').slice(0, 500),
      'dumped by': tool.slice(0, 500),
      consistency: probe.consistency,
      databases: probe.databases
        .map((database) => database.name)
        .join(', ')
        .slice(0, 500),
      'size in bytes': String(bytes),
    },
  }
}
