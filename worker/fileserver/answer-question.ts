import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { toInPlaceSpec } from '@/engine/restore-check/in-place'
import type { Send } from '@/engine/sending/send-while'
import { HttpUnreachable } from '@/lib/http'
import { Problem, toProblemFacts } from '@/protocol/problem'
import { type AskSpec, askSpecSchema } from '@/protocol/specs'
import type { answerRequestSchema, RunReference } from '@/protocol/worker-api'
import { BackOff } from './back-off'
import { Refused } from './control-plane'
import { withScratchFolder } from './own-scratch-folder'
import { parseSpec } from './parse-spec'
import { readPolicy } from './policy-file'
import { runKey } from './run-key'
import { LimitWatch } from './run-limits'
import type { Station } from './station'
import { detailsOf } from './worker-log'

const longestSeconds = 120
const answerTries = 6

/** Bytes are sent as long as somebody takes them; a large tree takes its time to be looked at. */
const transferLimits = { durationSeconds: 12 * 3600, stallSeconds: 900 }

type Answer = NonNullable<z.infer<typeof answerRequestSchema>['answer']>

/** One job of the `ask` queue. Never throws: who asked gets the problem, or asks again when no answer comes. */
export async function answerQuestion(run: RunReference, station: Station): Promise<void> {
  await station.running.during(run, async (controller) => {
    const timer = setTimeout(() => controller.abort(tooSlow()), longestSeconds * 1000)
    try {
      const spec = await station.control.claim(run, controller.signal)
      const { answer, problem } = await answered(run, spec, station, controller, () => clearTimeout(timer))
      clearTimeout(timer)
      await send(run, { answer, problem }, station)
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error)
      station.log('warn', `The question ${runKey(run)} stays without an answer: ${words}`)
    } finally {
      clearTimeout(timer)
    }
  })
}

/** `takesLong` is called when the question is one that may. */
async function answered(
  run: RunReference,
  value: unknown,
  station: Station,
  controller: AbortController,
  takesLong: () => void,
) {
  try {
    const spec = parseSpec(askSpecSchema, value)
    const mayTakeLong = spec.question.startsWith('send-') || spec.question === 'preview-restore'
    const watch = mayTakeLong ? new LimitWatch(transferLimits, controller) : null
    if (watch) takesLong()
    try {
      return {
        answer: await ask(run, spec, station, controller.signal, (progress) => watch?.sign(progress)),
        problem: null,
      }
    } finally {
      watch?.end()
    }
  } catch (error) {
    const reason = controller.signal.aborted ? controller.signal.reason : error
    if (!(reason instanceof Problem)) station.log('error', `${runKey(run)}: ${detailsOf(reason)}`)
    return { answer: null, problem: toProblemFacts(reason) }
  }
}

async function ask(
  run: RunReference,
  spec: AskSpec,
  station: Station,
  signal: AbortSignal,
  moved: (progress: string) => void,
): Promise<Answer> {
  const { state, policyFile, mongodbToolFolders, engine, control } = station
  const folder = join(state.temporary, runKey(run))
  const [spoolFolder, temporaryFolder] = [join(folder, 'spool'), join(folder, 'temporary')]
  const context = {
    policy: readPolicy(policyFile),
    spoolFolder,
    temporaryFolder,
    mongodbToolFolders,
    signal,
    report: () => {},
    progress: (progress: object) => moved(JSON.stringify(progress)),
  }
  try {
    for (const path of [spoolFolder, temporaryFolder]) mkdirSync(path, { recursive: true, mode: 0o700 })
    const send: Send = (body, bytes) => control.transfer(spec.askId, body, bytes, signal)
    switch (spec.question) {
      case 'test-remote':
        return await engine.testRemote(spec.remote, context, spec.keeper)
      case 'list-backends':
        return await engine.listBackends(spec.backend, context)
      case 'list-folder':
        return await engine.listFolder(spec, context)
      case 'scan-host-key':
        return await engine.scanHostKey(spec.host, spec.port, context)
      case 'check-source':
        return await engine.checkSource(spec.source, context)
      case 'discover':
        return await engine.discover(spec.source, context)
      case 'check-restore':
        return await engine.checkRestore(withScratchFolder(spec, state.scratch), {
          ...context,
          inPlaceFolder: state.inPlace,
        })
      case 'preview-restore':
        return await engine.previewInPlace(toInPlaceSpec(spec), { ...context, inPlaceFolder: state.inPlace })
      case 'send-index':
        return await engine.sendIndex(spec, context, send)
      case 'send-file':
        return await engine.sendFile(spec, context, send)
      case 'send-folder':
        return await engine.sendFolder(spec, context, send)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function send(
  run: RunReference,
  body: { answer: Answer | null; problem: ReturnType<typeof toProblemFacts> | null },
  { control }: Station,
): Promise<void> {
  const backOff = new BackOff({ firstMilliseconds: 500, longestMilliseconds: 5000 })
  const signal = AbortSignal.timeout(longestSeconds * 1000)
  for (let tries = 1; ; tries += 1) {
    try {
      return await control.answer({ run, ...body }, signal)
    } catch (error) {
      if (error instanceof Refused || !(error instanceof HttpUnreachable) || tries === answerTries) throw error
      await backOff.wait(signal)
    }
  }
}

function tooSlow(): Problem {
  return new Problem({
    code: 'no-answer-in-time',
    text: `There was no answer within ${longestSeconds} seconds.`,
    action: 'Check that the address is right and that this host may reach it (firewall, proxy).',
  })
}
