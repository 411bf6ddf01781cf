import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { type BackupContext, Cancelled, type RunOutcome } from '@/engine/context'
import type { EventBody } from '@/protocol/events'
import { Problem, toProblemFacts } from '@/protocol/problem'
import { readPolicy } from '@/worker/fileserver/policy-file'
import { aloneKey } from '@/worker/fileserver/run-key'
import { LimitWatch, type RunLimits } from '@/worker/fileserver/run-limits'
import { printError } from './print'
import { RunPrinter } from './run-printer'
import type { WorkerSettings } from './settings'

export type AloneOptions = { spec: string; json: boolean }

/** Reads a spec from a file. Throws a Problem that names the first field at fault. */
export function readSpec<T>(file: string, schema: z.ZodType<T>): T {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new Problem(
      {
        code: 'spec-unreadable',
        text: cause instanceof SyntaxError ? 'The spec is no JSON.' : 'The spec cannot be read.',
        action: 'Name a file that holds the spec: talekeeper-worker backup --spec FILE',
        where: file.slice(0, 1000),
      },
      { cause },
    )
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new Problem({
    code: 'spec-invalid',
    text: `The spec is not right at “${issue?.path.join('.') ?? ''}”: ${issue?.message ?? 'unknown reason'}`.slice(
      0,
      2000,
    ),
    action: 'Correct the file; docs/worker.md describes it.',
    where: file.slice(0, 1000),
  })
}

/**
 * Runs one spec without a dashboard, with the same policy and limits as under one, and prints what happens. SIGINT and SIGTERM
 * cancel it. Returns the exit code: 0 done (with warnings too), 1 not.
 */
export async function runAlone(
  options: AloneOptions,
  settings: WorkerSettings,
  limits: RunLimits,
  act: (context: BackupContext) => Promise<RunOutcome>,
): Promise<number> {
  const printer = new RunPrinter(options.json)
  const policy = readPolicy(settings.policyFile)
  const controller = cancelledBySignals()
  const name = aloneKey(process.pid, randomUUID())
  const folders = [join(settings.state.spool, name), join(settings.state.temporary, name)] as const
  const watch = new LimitWatch(limits, controller)
  let events = 0
  const report = (event: EventBody) => {
    watch.sign(`event ${++events}`)
    printer.event(event)
  }
  try {
    for (const folder of folders) mkdirSync(folder, { recursive: true, mode: 0o700 })
    const outcome = await act({
      policy,
      spoolFolder: folders[0],
      temporaryFolder: folders[1],
      mongodbToolFolders: settings.mongodbToolFolders,
      signal: controller.signal,
      report,
      progress: (progress) => {
        watch.sign(`${progress.phase} ${progress.subject} ${progress.doneBytes} ${progress.uploadedBytes}`)
        printer.progress(progress)
      },
      requestGo: async () => null,
      handOver: () => Promise.reject(nobodyCompletes()),
    })
    report({ type: 'finished', state: outcome, problem: null })
    return 0
  } catch (error) {
    if (error instanceof Cancelled) report({ type: 'finished', state: 'cancelled', problem: null })
    else report({ type: 'finished', state: 'failed', problem: toProblemFacts(error) })
    if (!(error instanceof Cancelled)) printError(error)
    return 1
  } finally {
    watch.end()
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  }
}

function nobodyCompletes(): Problem {
  return new Problem({
    code: 'nobody-completes',
    text: 'This spec is of one share of a backup, and without a dashboard nobody hands it on to the worker that completes it.',
    action: 'Leave "share" out of the spec: then this worker makes a whole backup.',
  })
}

function cancelledBySignals(): AbortController {
  const controller = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT'] as const)
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(1)
      controller.abort(new Cancelled())
    })
  return controller
}
