import { requireInPlaceAllowed } from '@/engine/check-policy'
import type { InPlaceContext, RunContext } from '@/engine/context'
import { readMountPoints } from '@/engine/files/mount-points'
import {
  choicesOf,
  chooseInPlace,
  databasesOf,
  leftOut,
  preflightInPlace,
} from '@/engine/restore/in-place/choose-in-place'
import { parentOf } from '@/engine/restore/in-place/folder-handle'
import { findGrounds, lookAtStage, type SourceGround } from '@/engine/restore/in-place/grounds'
import { InPlaceRun } from '@/engine/restore/in-place/in-place-run'
import { movedTrees } from '@/engine/restore/in-place/moved-trees'
import { refuseOpenFiles } from '@/engine/restore/in-place/open-files'
import { refuseOverlap } from '@/engine/restore/in-place/refuse-overlap'
import type { ChosenBackup } from '@/engine/restore/restore-run'
import { RunScope } from '@/engine/run-scope'
import { displayName } from '@/protocol/display-name'
import { Problem, toProblemFacts } from '@/protocol/problem'
import type { CheckLine } from '@/protocol/restore-check'
import { type InPlaceSpec, inPlaceSpecSchema, type PreviewRestoreSpec } from '@/protocol/specs'
import { CheckLines, type Finding } from './check-lines'
import { checkCollections } from './in-place-collections'
import { checkMounts } from './in-place-mounts'
import { checkRoom } from './in-place-room'

type Asked = Omit<PreviewRestoreSpec, 'question' | 'fixUps'> & Partial<Pick<PreviewRestoreSpec, 'fixUps'>>

/** The restore in place that is asked about, as control would order it. */
export function toInPlaceSpec({ inPlace, target, ...spec }: Asked): InPlaceSpec {
  return inPlaceSpecSchema.parse({
    ...spec,
    worker: inPlace.worker,
    target: {
      ...{ kind: 'inPlace', writers: inPlace.writers, trees: inPlace.trees, safety: null },
      ...{ allowForeignFolders: false, allowOpenFiles: false },
      mongodb: target.mongodb && { connection: target.mongodb.connection },
    },
    limits: { durationSeconds: 3600, stallSeconds: 600, bytesPerSecond: null },
  })
}

/** A run that chooses and looks, and never exchanges. */
export function lookingRun(
  spec: InPlaceSpec,
  context: RunContext & Pick<InPlaceContext, 'inPlaceFolder'>,
  scope: RunScope,
): InPlaceRun {
  const requestSwap = async () => {
    throw new Error('a look exchanges nothing')
  }
  return new InPlaceRun(spec, { ...context, requestSwap }, scope)
}

/**
 * Looks at all that would stop a restore in place, by the same code that the restore stops by. Leaves nothing behind. Throws only
 * the reason of the signal.
 */
export async function checkInPlace(
  spec: InPlaceSpec,
  context: RunContext & Pick<InPlaceContext, 'inPlaceFolder'>,
): Promise<CheckLine[]> {
  const scope = new RunScope(context)
  const lines = new CheckLines(scope.signal)
  const run = lookingRun(spec, context, scope)
  try {
    const place = await lines.look('allowed', async () => ({
      value: await preflightInPlace(run),
      finding: 'The policy of this worker’s host allows it, its programs are there, and the remote answers.',
    }))
    const chosen =
      place &&
      (await lines.look('backup', async () => ({
        value: await chooseInPlace(run, place),
        finding: 'The manifest is the one that this backup was made with, and every part that is needed is there.',
      })))
    if (!chosen) return lines.list
    const left = leftOut(chosen, spec)
    if (left.length > 0) await lines.lookAt('left-out', async () => leftOutInWords(left))
    const mountPoints = await readMountPoints()
    const grounds = await lines.look('places', async () => ({
      value: await allowedGrounds(spec, chosen, mountPoints, context),
      finding: placesInWords(spec, chosen),
    }))
    if (grounds) await checkTrees(lines, run, { grounds, chosen, mountPoints })
    if (chosen.mongodb.length > 0)
      await lines.lookAt('collections', () => checkCollections(run, choicesOf(chosen, spec), chosen.mongodb))
    return lines.list
  } catch (error) {
    throw scope.endedBy(error)
  } finally {
    await run.close()
    await scope.close()
  }
}

async function allowedGrounds(
  spec: InPlaceSpec,
  chosen: ChosenBackup,
  mountPoints: string[],
  { policy, inPlaceFolder }: RunContext & Pick<InPlaceContext, 'inPlaceFolder'>,
): Promise<SourceGround[]> {
  const grounds = await findGrounds(spec, chosen, mountPoints)
  const roots = rootsOf(grounds)
  for (const root of roots) await requireInPlaceAllowed(policy, root.toString())
  refuseOverlap(inPlaceFolder, spec.restoreId, roots, databasesOf(chosen, spec))
  return grounds
}

function leftOutInWords(left: string[]): Finding {
  return {
    ...{
      level: 'amber',
      text: `Not everything comes back by this restore. It leaves out ${left.join(', ')}.`.slice(0, 2000),
    },
    action: 'Choose it by name, or restore it afterwards by its worker.',
  }
}

function placesInWords(spec: InPlaceSpec, chosen: ChosenBackup): string {
  const allowed = 'All of it belongs to sources of this worker, and its policy lets them be replaced.'
  const moves = movedTrees(spec, chosen).moves.map(
    ({ source, from, to }) => `“${source}” goes to ${displayName(to)}, in the backup ${displayName(from)}.`,
  )
  return [allowed, ...moves].join(' ').slice(0, 2000)
}

function rootsOf(grounds: SourceGround[]): Buffer[] {
  return grounds.flatMap(({ whole, chosen }) => [...whole, ...chosen])
}

async function checkTrees(
  lines: CheckLines,
  { spec }: InPlaceRun,
  found: { grounds: SourceGround[]; chosen: ChosenBackup; mountPoints: string[] },
): Promise<void> {
  const { grounds, chosen, mountPoints } = found
  if (grounds.length === 0) return
  await lines.lookAt('room', () => checkRoom(grounds, chosen))
  await lines.lookAt('mounts', async () => checkMounts(grounds, mountPoints))
  await lines.lookAt('foreign-folders', () => checkFolders(grounds))
  await lines.lookAt('open-files', () => checkOpenFiles(grounds, spec.target.writers))
}

async function checkFolders(grounds: SourceGround[]): Promise<Finding> {
  const stages = [...new Set(grounds.map(({ stage }) => stage))]
  try {
    for (const stage of stages) await lookAtStage(stage, false)
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'foreign-folder-owner') throw error
    for (const stage of stages) await lookAtStage(stage, true)
    return toAmber(error)
  }
  const names = stages.map((stage) => displayName(parentOf(parentOf(Buffer.from(stage)))))
  return `What is exchanged waits on the same filesystem, where nobody else can write: in ${names.join(', ')}.`.slice(
    0,
    2000,
  )
}

/** Programs that are stopped by the restore may have files open until then. */
async function checkOpenFiles(grounds: SourceGround[], writers: 'stopped' | 'command'): Promise<Finding> {
  try {
    await refuseOpenFiles(rootsOf(grounds).map((root) => root.toString()))
    return 'No program of this host has a file open for writing there.'
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'open-files') throw error
    if (writers === 'stopped') return toAmber(error)
    const { text } = toProblemFacts(error)
    return `${text} It must have closed it once what writes was stopped, or the restore stops before the exchange.`
  }
}

function toAmber(problem: Problem): Finding {
  const { text, action, where } = toProblemFacts(problem)
  return { level: 'amber', text: where ? `${text} (${where})`.slice(0, 2000) : text, action: action ?? null }
}
