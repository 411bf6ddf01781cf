import { join } from 'node:path'
import { requestDiscard } from '@/core/restores/request-discard'
import { awaitBackup, awaitDiscard, awaitRestore } from './demo/await-run'
import { fakeBoxAdvice, registerDemoApp, startDemoProviders } from './demo/fake-providers'
import { holdFolder } from './demo/hold-folder'
import { parseOptions } from './demo/options'
import { registerChannel } from './demo/register-channel'
import { demoActor, registerInstance } from './demo/register-instance'
import { prepareSample } from './demo/sample'
import { describeBackup, describeComparison, step } from './demo/say'
import { signInAdvice } from './demo/sign-in-advice'
import { firstBackup, requestScratchRestore } from './demo/request-runs'
import { startMailSink } from './servers/mail-sink'
import { startStack } from './stack'
import { runWorker, type WorkerPlace } from './worker'

/**
 * A whole Talekeeper on this machine, below `.demo/`: control plane, sample instance with a MongoDB-compatible server and a home tree,
 * an enrolled worker, and a first backup. With `--once` it also restores, compares, and ends.
 */
async function demo() {
  const options = parseOptions(process.argv.slice(2), process.env)
  holdFolder(options)
  const stopping: (() => Promise<unknown>)[] = []
  const stopAll = async () => {
    for (const stop of stopping.reverse()) await stop()
  }
  const interrupted = new Promise<'interrupted'>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve('interrupted'))
  })
  try {
    const ending = await Promise.race([interrupted, main(options, stopping)])
    if (ending === 'interrupted') step('stopping')
    return ending === 'different' ? 1 : 0
  } catch (error) {
    console.error(`The demo failed: ${error instanceof Error ? error.message : error}`)
    console.error(
      `Logs lie below ${options.folder}: control-plane/web.log, control-plane/control.log, worker/worker.log`,
    )
    return 1
  } finally {
    await stopAll()
  }
}

async function main(
  options: ReturnType<typeof parseOptions>,
  stopping: (() => Promise<unknown>)[],
): Promise<'identical' | 'different'> {
  const sample = await prepareSample(options)
  stopping.push(sample.stop)
  step(`sample instance: ${sample.documents} documents in MongoDB, ${sample.entries} files and folders`)

  const providers = options.withFakeBox ? await startDemoProviders(options.folder) : null
  if (providers) stopping.push(providers.stop)
  const network = providers?.environment ?? {}
  const sink = await startMailSink()
  stopping.push(sink.stop)
  const alerts = { ALERT_NETWORKS: '127.0.0.0/8' }
  const stack = await startStack(`${options.folder}/control-plane`, { ...network, ...alerts })
  stopping.push(stack.stop)
  Object.assign(process.env, stack.environment)
  step(`web, control and Redis are up: ${stack.url}`)
  if (providers) registerDemoApp(providers, stack.url)

  const place: WorkerPlace = {
    folder: join(options.folder, 'worker'),
    sourceRoots: [join(options.folder, 'instance')],
    restoreRoots: [join(options.folder, 'restored')],
    localRemoteRoots: [join(options.folder, 'remote')],
  }
  await registerChannel(sink.smtpPort)
  step(`alerts go by mail to a page of this host: ${sink.url}`)
  const planId = await registerInstance(options, sample, place, stack.url)
  stopping.push(runWorker(place, network).stop)
  step('worker “fileserver” is enrolled and at work')

  const backupId = await firstBackup(planId, options)
  step(describeBackup(await awaitBackup(backupId)))
  if (providers) step(fakeBoxAdvice(providers, options.folder, stack.url))
  if (!options.once) return stayUntilStopped(stack.url)

  const restoreId = await requestScratchRestore(backupId, options)
  const comparison = await awaitRestore(restoreId)
  step(describeComparison(comparison))
  await requestDiscard(demoActor, restoreId)
  await awaitDiscard(restoreId)
  step('the scratch place is removed')
  return comparison.differenceCount === 0 && comparison.refusedCount === 0 ? 'identical' : 'different'
}

async function stayUntilStopped(url: string): Promise<never> {
  step(await signInAdvice(url))
  return new Promise(() => {})
}

process.exit(await demo())
