import type { InPlaceSpec } from '@/protocol/specs'
import type { InPlaceContext, RunOutcome } from './context'
import { parseAddress } from './mongodb/address'
import { toMongodbProblem } from './mongodb/mongodb-problem'
import { chooseInPlace, leftOut, preflightInPlace } from './restore/in-place/choose-in-place'
import { InPlaceRun } from './restore/in-place/in-place-run'
import { stageDatabases } from './restore/in-place/stage-databases'
import { stageGround } from './restore/in-place/stage-trees'
import { RunScope } from './run-scope'

/**
 * Restores in place: what the backup has is brought beside, compared with the manifest, and exchanged with what stands there,
 * which is kept until it is dropped. Before the commit point any failure leaves everything as it was; after it, one is led back when
 * it can be, and else stays half-way until the worker starts again or a person decides. Throws a Problem or the signal's reason.
 */
export async function runInPlace(spec: InPlaceSpec, context: InPlaceContext): Promise<RunOutcome> {
  const scope = new RunScope(context)
  const run = new InPlaceRun(spec, context, scope)
  try {
    const place = await scope.phase('preflight', () => preflightInPlace(run))
    const chosen = await scope.phase('fetch', () => chooseInPlace(run, place))
    for (const one of leftOut(chosen, spec)) run.restore.log('warn', `Left out: ${one}`)
    await run.begin(chosen, place)
    for (const kind of ['files', 'config'] as const) {
      const grounds = run.grounds.filter(({ from }) => from.kind === kind)
      await scope.phaseIf(grounds.length > 0, kind, async () => {
        for (const ground of grounds) await stageGround(run.restore, place, chosen, ground, run.comparison)
      })
    }
    await scope.phaseIf(chosen.mongodb.length > 0, 'mongodb', async () => {
      for (const artifact of chosen.mongodb)
        run.take(await stageDatabases(run.restore, place, artifact, run.stagingOptions()))
    })
    run.requireIdentical()
    await run.fixUp()
    await scope.phase('go', () => run.plan())
    await scope.phase('swap', () => run.exchange())
    await scope.uncutPhase('verify', () => run.verify())
    await run.reconcile()
    return run.restore.warnings.count > 0 ? 'warning' : 'succeeded'
  } catch (error) {
    throw await run.failed(inWords(scope.endedBy(error), spec))
  } finally {
    context.report({ type: 'fetched', ...run.restore.fetched })
    await run.close()
    await scope.close()
  }
}

/** What the driver throws while collections are exchanged says nothing to people. */
function inWords(reason: unknown, { target: { mongodb } }: InPlaceSpec): unknown {
  const isOfDriver = reason instanceof Error && reason.name.startsWith('Mongo')
  return isOfDriver && mongodb ? toMongodbProblem(reason, parseAddress(mongodb.connection)) : reason
}
