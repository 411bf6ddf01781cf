import type { RunOutcome } from '@/engine/context'
import { checksumsName, manifestName, signatureName } from '@/engine/remote/backup-folder'
import { longestManifestBytes, longestSignatureBytes, parseManifest } from '@/engine/remote/read-manifest'
import { Problem } from '@/protocol/problem'
import { compareFolder } from './compare-folder'
import { type InspectionRun, judge } from './inspection-run'

/**
 * Hands the manifests of the named folders in to control, newest first, and judges each backup that it took by its parts. One that
 * is refused does not stop the others. `warning`: one was refused, or has faults.
 */
export async function handInManifests(run: InspectionRun<'adoption'>): Promise<RunOutcome> {
  let outcome: RunOutcome = 'succeeded'
  for (const folder of run.spec.folders.toSorted().reverse()) {
    run.meter.begin('look', folder)
    try {
      if (!(await handInOne(run, folder))) outcome = 'warning'
    } catch (error) {
      run.scope.signal.throwIfAborted()
      if (!(error instanceof Problem) || error.code.startsWith('remote-')) throw error
      run.log('warn', `${folder} is not taken over: ${error.message}`)
      outcome = 'warning'
    }
  }
  return outcome
}

async function handInOne(run: InspectionRun<'adoption'>, folder: string): Promise<boolean> {
  const { spec, store, context } = run
  const path = `${spec.instance.slug}/${folder}`
  const bytes = await store.read(`${path}/${manifestName}`, longestManifestBytes)
  if (!bytes) throw new Problem({ code: 'manifest-missing', text: 'It has no manifest any more.', where: path })
  const manifest = parseManifest(bytes, path)
  const signature = await store.read(`${path}/${signatureName}`, longestSignatureBytes)
  const text = bytes.toString('utf8')
  const origin = await context.handIn({ folder, manifest: text, signature: signature?.toString('utf8') ?? null })
  run.log('info', `${folder}: ${originWords[origin]}`)
  const files = manifest.artifacts.flatMap(({ parts }) =>
    parts.map((part) => ({ name: part.name, bytes: part.bytes, hash: null })),
  )
  const expected = [...files, { name: checksumsName, bytes: null, hash: null }]
  const faults = compareFolder(expected, (await store.listDeep(path)) ?? [], path)
  return judge(run, { backupId: manifest.backupId, folder }, faults)
}

const originWords = {
  adopted: 'signed by a key of this dashboard, it is a backup of ours again.',
  foreign: 'signed by no key of this dashboard, it is taken over as foreign.',
  known: 'it was in the catalogue already.',
}
