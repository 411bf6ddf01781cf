import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { fillSampleMongodb } from '@/scripts/sample/mongodb'
import { Cancelled } from './context'
import { dropDatabases } from './mongodb/drop-databases'
import { localRemote, type TrialRemote } from './remote/loopback-servers'
import { runBackup } from './run-backup'
import { runDiscard } from './run-discard'
import { runRestore } from './run-restore'
import { RunRig, readManifestFile } from './run-rig'

let trial: TrialRemote
let rig: RunRig
let documents = 0
const { signal } = new AbortController()
const connection = () => inject('mongodbUrl')
const drop = (databasePrefix: string) => dropDatabases({ connection: connection(), databasePrefix, signal })

beforeAll(async () => {
  trial = localRemote()
  rig = new RunRig(trial.remote)
  writeFileSync(join(rig.sourceFolder, 'file'), 'content')
  const filled = await fillSampleMongodb(connection(), {
    documents: 3000,
    chunkMegabytes: 3,
    databasePrefix: 'whole_run_',
  })
  documents = filled.documents
})
afterAll(async () => {
  await drop('whole_run_')
  rig.close()
  await trial.stop()
})

const mongodbSource = () => ({
  kind: 'mongodb' as const,
  id: randomUUID(),
  slug: 'girder',
  reach: 'direct' as const,
  connection: connection(),
  databases: ['whole_run_girder', 'whole_run_girder_assets'],
  consistency: 'best' as const,
  tools: 'built-in' as const,
})
const target = (databasePrefix: string) => ({
  kind: 'scratch' as const,
  folder: join(rig.work, 'restores', randomUUID()),
  mongodb: { connection: connection(), databasePrefix, tools: 'built-in' as const },
})

it('documents and files of one backup come back identical beside the originals, and can be discarded', async () => {
  const spec = rig.backupSpec({ sources: [mongodbSource(), rig.treeSource()] })
  expect(['succeeded', 'warning']).toContain(await runBackup(spec, rig.context()))
  const { manifest } = readManifestFile(join(trial.folder, rig.instance.slug, rig.folder()))
  expect(manifest.artifacts[0]).toMatchObject({ kind: 'mongodb', name: 'mongo.archive.zst', source: 'girder' })

  const restore = rig.restoreSpec(spec, { target: target('beside_') })
  await runRestore(restore, rig.context())
  const { comparison } = rig.last('comparison')
  expect(comparison).toMatchObject({ differenceCount: 0, documentsCompared: documents })
  expect(comparison.namespacesIdentical).toBe(comparison.namespacesExpected)
  expect(comparison.entriesIdentical).toBe(2)

  // a second restore under the same prefix would mix with the first, and its failure would drop it
  const again = rig.restoreSpec(spec, { target: target('beside_') })
  await expect(runRestore(again, rig.context())).rejects.toMatchObject({ code: 'target-exists' })

  const { restoreId, attempt, instance } = restore
  await runDiscard({ restoreId, attempt, instance, target: restore.target }, rig.context())
  expect(await drop('beside_'), 'nothing was left to drop').toEqual([])
})

it('a restore that is cancelled while it writes documents drops the databases that it made', async () => {
  const spec = rig.backupSpec({ sources: [mongodbSource()] })
  await runBackup(spec, rig.context())
  const cancelled = new Cancelled()
  const context = rig.context({
    report: (event) => {
      if (event.type === 'phase' && event.phase === 'compare') rig.controller.abort(cancelled)
    },
  })
  await expect(runRestore(rig.restoreSpec(spec, { target: target('undone_') }), context)).rejects.toBe(cancelled)
  expect(await drop('undone_')).toEqual([])
})
