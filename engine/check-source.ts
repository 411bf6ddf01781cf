import type { z } from 'zod'
import type { MongodbSource, Source } from '@/protocol/sources'
import type { checkSourceAnswerSchema } from '@/protocol/worker-api'
import { requireMongodbAllowed } from './check-policy'
import type { RunContext } from './context'
import { estimateTree } from './files/estimate-tree'
import { expandConfig } from './files/expand-config'
import { readMountPoints } from './files/mount-points'
import { checkTrees } from './files/preflight-trees'
import { probeMongodb } from './mongodb/probe-mongodb'

export type SourceAnswer = z.infer<typeof checkSourceAnswerSchema>

/** Tries what a backup's preflight will do with a source, and tells what it found. Throws a Problem when a backup would fail. */
export async function checkSource(source: Source, context: RunContext): Promise<SourceAnswer> {
  const facts = await factsOf(source, context)
  return { facts: Object.fromEntries(Object.entries(facts).map(([name, text]) => [name, text.slice(0, 500)])) }
}

async function factsOf(source: Source, context: RunContext): Promise<Record<string, string>> {
  const { policy, signal } = context
  if (source.kind === 'mongodb') return mongodbFacts(source, context)
  if (source.kind === 'config') {
    const expanded = await expandConfig(source, policy, signal)
    await checkTrees([expanded], policy, null, signal)
    return { found: String(expanded.paths.length), paths: expanded.paths.join(', ') || 'none' }
  }
  await checkTrees([source], policy, null, signal)
  const { entries, bytes, isWhole, freeBytes, totalBytes } = await estimateTree(source, signal)
  const mounted = (await readMountPoints()).includes(source.mountPoint ?? source.path)
  return {
    path: source.path,
    'mount point': `${source.mountPoint ?? source.path} ${mounted ? 'is mounted' : 'is no mount point'}`,
    entries: isWhole ? String(entries) : `more than ${entries}`,
    [isWhole ? 'size in bytes' : 'counted so far in bytes']: String(bytes),
    'used on its filesystem in bytes': String(totalBytes - freeBytes),
    'free on its filesystem in bytes': String(freeBytes),
  }
}

async function mongodbFacts(source: MongodbSource, context: RunContext): Promise<Record<string, string>> {
  requireMongodbAllowed(context.policy, source.reach)
  const probe = await probeMongodb(source, {
    toolFolders: context.mongodbToolFolders,
    temporaryFolder: context.temporaryFolder,
    signal: context.signal,
  })
  const { tool } = probe
  const place = tool.way === 'mongodump' && tool.container ? ` in a container of ${tool.container.image}` : ''
  return {
    server: `MongoDB ${probe.serverVersion}`,
    'replica set': probe.replicaSet ?? 'none',
    'dumped by': tool.way === 'mongodump' ? `mongodump ${tool.version}${place}` : 'built-in dumper',
    consistency: probe.consistency,
    databases: probe.databases.map((database) => database.name).join(', '),
    'size in bytes': String(probe.databases.reduce((sum, database) => sum + database.sizeBytes, 0)),
  }
}
