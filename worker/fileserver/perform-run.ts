import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type {
  BackupContext,
  InPlaceContext,
  InspectionContext,
  ReplicationContext,
  RunContext,
  RunOutcome,
} from '@/engine/context'
import type { EventBody } from '@/protocol/events'
import {
  backupSpecSchema,
  discardOrderSchema,
  inPlaceEndSpecSchema,
  inPlaceSpecSchema,
  olderRestoreOrderSchema,
  inspectionSpecSchema,
  pruneSpecSchema,
  type RestoreSpec,
  replicationSpecSchema,
  restoreOrderSchema,
} from '@/protocol/specs'
import type { RunReference } from '@/protocol/worker-api'
import { claimRun } from './claim-run'
import { Refused } from './control-plane'
import { endingOf } from './ending'
import { EventJournal } from './event-journal'
import type { EventSender } from './event-sender'
import { handInManifest } from './hand-in-manifest'
import { withScratchFolder } from './own-scratch-folder'
import { parseSpec } from './parse-spec'
import { readPolicy } from './policy-file'
import { handOver, requestCopyGo, requestGo, requestSwap } from './request-go'
import { runKey } from './run-key'
import { LimitWatch } from './run-limits'
import type { Station } from './station'

const limitsOfDeletions = { durationSeconds: 86_400, stallSeconds: 86_400 }

/** One job of the `work` queue: claim, do, report. Never throws; a run that is not ours to do ends quietly. */
export async function performRun(run: RunReference, station: Station): Promise<void> {
  const journal = openJournal(run, station)
  if (!journal) return
  await station.running.during(run, async (controller) => {
    const spec = await claimed(run, station, journal, controller)
    if (spec === 'refused') return journal.remove()
    const sender = station.senders.start(journal)
    station.log('info', `${runKey(run)} begins.`)
    const ending = await endingOf(() => perform(run, spec, { station, journal, sender, controller }), controller.signal)
    if (ending.details) station.log('error', `${runKey(run)}: ${ending.details}`)
    station.log(ending.level, `${runKey(run)} ended: ${ending.words}`)
    journal.append(ending.event)
    sender.notify()
  })
}

type RunWay = { station: Station; journal: EventJournal; sender: EventSender; controller: AbortController }

/** The journal is there before the claim: a crash between both must not leave a run that nobody reports. */
function openJournal(run: RunReference, { state, log }: Station): EventJournal | null {
  try {
    return EventJournal.create(state.journals, run)
  } catch (error) {
    const isKnown = (error as NodeJS.ErrnoException).code === 'EEXIST'
    log(isKnown ? 'warn' : 'error', `${runKey(run)} was not begun: ${isKnown ? 'it was done before.' : String(error)}`)
    return null
  }
}

/** The raw spec, or how the claim failed, to be thrown where the run's ending is decided. */
async function claimed(
  run: RunReference,
  { control, log }: Station,
  journal: EventJournal,
  controller: AbortController,
): Promise<{ value: unknown } | { failure: unknown } | 'refused'> {
  try {
    return { value: await claimRun(run, control, controller.signal) }
  } catch (error) {
    if (!(error instanceof Refused)) return { failure: error }
    log('info', `${runKey(journal.run)} is not ours to do: ${error.message}`)
    return 'refused'
  }
}

async function perform(
  run: RunReference,
  spec: { value: unknown } | { failure: unknown },
  way: RunWay,
): Promise<RunOutcome> {
  if ('failure' in spec) throw spec.failure
  const { engine, scratch, state } = way.station
  switch (run.name) {
    case 'backup': {
      const backup = parseSpec(backupSpecSchema, spec.value)
      return inContext(way, backup.limits, (context) => engine.runBackup(backup, context))
    }
    case 'restore': {
      if (isInPlace(spec.value)) {
        const inPlace = parseSpec(inPlaceSpecSchema, spec.value)
        return inContext(way, inPlace.limits, (context) => engine.runInPlace(inPlace, context))
      }
      if (isOlder(spec.value)) {
        const older = withScratchFolder(parseSpec(olderRestoreOrderSchema, spec.value), state.scratch)
        const { remote, target } = older
        const { bytesPerSecond } = older.limits
        return beside(way, older, (context) =>
          engine.runOlderRestore({ remote, path: older.older.path, target, bytesPerSecond }, context),
        )
      }
      const restore = withScratchFolder(parseSpec(restoreOrderSchema, spec.value), state.scratch)
      return beside(way, restore, (context) => engine.runRestore(restore, context))
    }
    case 'discard': {
      if (isInPlace(spec.value)) {
        const end = parseSpec(inPlaceEndSpecSchema, spec.value)
        return inContext(way, limitsOfDeletions, (context) => engine.endInPlace(end, context))
      }
      const discard = withScratchFolder(parseSpec(discardOrderSchema, spec.value), state.scratch)
      scratch.refuseUnknown(discard)
      const outcome = await inContext(way, limitsOfDeletions, (context) => engine.runDiscard(discard, context))
      scratch.forget(discard.restoreId)
      return outcome
    }
    case 'prune': {
      const prune = parseSpec(pruneSpecSchema, spec.value)
      return inContext(way, limitsOfDeletions, (context) => engine.runPrune(prune, context))
    }
    case 'inspection': {
      const inspection = parseSpec(inspectionSpecSchema, spec.value)
      return inContext(way, inspection.limits, (context) => engine.runInspection(inspection, context))
    }
    case 'replication': {
      const replication = parseSpec(replicationSpecSchema, spec.value)
      return inContext(way, replication.limits, (context) => engine.runReplication(replication, context))
    }
    case 'ask':
      throw new Error('questions are answered from the queue of their own')
  }
}

/** A restore into a scratch place, which is known as this worker's own before anything is made. */
async function beside(
  way: RunWay,
  restore: Pick<RestoreSpec, 'restoreId' | 'target' | 'limits'>,
  act: (context: RunContext) => Promise<RunOutcome>,
): Promise<RunOutcome> {
  const { scratch } = way.station
  scratch.begin(restore, way.journal.run.id)
  try {
    return await inContext(way, restore.limits, (context) => {
      context.report({ type: 'scratch', folder: restore.target.folder })
      return act(context)
    })
  } finally {
    scratch.settle(restore.restoreId)
  }
}

/** Which of three schemas a restore's spec must fit. */
function isOlder(value: unknown): boolean {
  return z.object({ older: z.object({}) }).safeParse(value).success
}

/** Of what the spec is decides which of two schemas it must fit. */
function isInPlace(value: unknown): boolean {
  return z.object({ target: z.object({ kind: z.literal('inPlace') }) }).safeParse(value).success
}

/** Folders, policy, limits and reports of one run; everything temporary is gone afterwards, however it ends. */
async function inContext(
  { station, journal, sender, controller }: RunWay,
  limits: { durationSeconds: number; stallSeconds: number },
  act: (context: BackupContext & InPlaceContext & InspectionContext & ReplicationContext) => Promise<RunOutcome>,
): Promise<RunOutcome> {
  const { state, policyFile, mongodbToolFolders, control } = station
  const { signal } = controller
  const key = runKey(journal.run)
  const [spoolFolder, temporaryFolder] = [join(state.spool, key), join(state.temporary, key)]
  const policy = readPolicy(policyFile)
  const watch = new LimitWatch(limits, controller)
  const report = (event: EventBody) => {
    journal.append(event)
    sender.notify()
    watch.sign(`event ${journal.lastSequence}`)
  }
  try {
    for (const folder of [spoolFolder, temporaryFolder]) mkdirSync(folder, { mode: 0o700 })
    return await act({
      policy,
      spoolFolder,
      temporaryFolder,
      mongodbToolFolders,
      signal,
      report,
      progress: (progress) => {
        watch.sign(`${progress.phase} ${progress.subject} ${progress.doneBytes} ${progress.uploadedBytes}`)
        sender.setProgress({ ...progress, at: new Date().toISOString() })
      },
      handIn: (found) => watch.paused(() => handInManifest(found, journal.run, control, signal)),
      requestGo: (manifest) => watch.paused(() => requestGo(manifest, { journal, sender, control }, signal)),
      inPlaceFolder: state.inPlace,
      requestSwap: () => watch.paused(() => requestSwap({ journal, sender, control }, signal)),
      requestCopyGo: (manifestSha256) =>
        watch.paused(() => requestCopyGo(manifestSha256, { journal, sender, control }, signal)),
      handOver: (contribution) => watch.paused(() => handOver(contribution, { journal, sender, control }, signal)),
    })
  } finally {
    watch.end()
    for (const folder of [spoolFolder, temporaryFolder]) rmSync(folder, { recursive: true, force: true })
  }
}
