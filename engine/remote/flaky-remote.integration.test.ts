import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { env } from 'node:process'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { runBackup } from '@/engine/run-backup'
import { runRestore } from '@/engine/run-restore'
import { RunRig } from '@/engine/run-rig'
import { s3Remote, type TrialRemote } from './loopback-servers'

let trial: TrialRemote
let rig: RunRig
const calls = () => readFileSync(join(rig.work, 'calls'), 'utf8').length

beforeAll(async () => {
  trial = await s3Remote()
  rig = new RunRig(trial.remote)
  writeFileSync(join(rig.sourceFolder, 'file'), Buffer.alloc(3_000_000, 'abc'))
  const fake = join(rig.work, 'bin')
  mkdirSync(fake)
  writeFileSync(join(rig.work, 'calls'), '')
  writeFileSync(join(fake, 'rclone'), everyThirdFails(join(rig.work, 'calls')), { mode: 0o755 })
  vi.stubEnv('PATH', `${fake}:${env.PATH}`)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  rig.close()
  await trial.stop()
})

it('a remote that fails every third call costs time, not the backup or the restore', async () => {
  const spec = rig.backupSpec()
  expect(await runBackup(spec, rig.context())).toBe('succeeded')
  expect(await runRestore(rig.restoreSpec(spec), rig.context())).toBe('succeeded')
  expect(calls()).toBeGreaterThan(10)
  const retries = rig.events.filter((event) => event.type === 'log' && /Attempt \d/.test(event.text))
  expect(retries.length).toBeGreaterThan(5)
})

/** The real rclone, but for every third call that speaks to a remote. */
function everyThirdFails(counter: string): string {
  return `#!/bin/sh
if [ "$1" != version ]; then
  printf x >> '${counter}'
  if [ $(( $(wc -c < '${counter}') % 3 )) = 0 ]; then echo 'connection reset by peer' >&2; exit 1; fi
fi
PATH="\${PATH#*:}" exec rclone "$@"
`
}
