import { randomBytes } from 'node:crypto'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Progress } from '@/protocol/events'
import { limitsSchema } from '@/protocol/remotes'
import { InPlaceRig } from './in-place-rig'
import { s3Remote, sftpRemote, webdavRemote } from './remote/loopback-servers'
import { runBackup } from './run-backup'
import { runInPlace } from './run-in-place'
import { runRestore } from './run-restore'

/**
 * Promise: a remote whose server ends in the middle of a restore stops it with words and with what to do; the target is as it was, and
 * nothing is left of the restore, neither staged nor in the spool.
 */
it.each([
  ['SFTP', 'beside', sftpRemote],
  ['SFTP', 'in place', sftpRemote],
  ['WebDAV', 'in place', webdavRemote],
  ['S3', 'beside', s3Remote],
])('%s ends when a part was read of a restore %s', async (_, where, serve) => {
  const trial = await serve()
  const rig = new InPlaceRig({ ...trial.remote, limits: limitsSchema.parse({ attempts: 2 }) }, null)
  let stopped: Promise<void> | null = null
  const progress = ({ phase, doneBytes }: Omit<Progress, 'at'>) => {
    if (phase === 'files' && doneBytes > 0) stopped ??= trial.stop()
  }
  try {
    const at = (name: string) => join(rig.sourceFolder, name)
    for (let number = 0; number < 8; number++) writeFileSync(at(`file-${number}`), randomBytes(1024 * 1024))
    const backup = rig.backupSpec()
    await runBackup(backup, rig.context())
    rmSync(at('file-3'))
    writeFileSync(at('file-5'), 'spoilt')
    const spoilt = await rig.tree()
    const restoring =
      where === 'beside'
        ? runRestore(rig.restoreSpec(backup), rig.context({ progress }))
        : runInPlace(rig.inPlaceSpec(backup), rig.inPlaceContext({ progress }))
    await expect(restoring).rejects.toMatchObject({
      ...{ code: 'remote-unreachable', action: expect.any(String), where: expect.any(String) },
    })
    expect(stopped).not.toBeNull()
    expect(await rig.tree()).toBe(spoilt)
    expect(rig.left()).toEqual([])
    for (const name of ['restores', 'spool', 'temporary']) expect(readdirSync(join(rig.work, name))).toEqual([])
  } finally {
    await (stopped ?? trial.stop())
    rig.close()
  }
})
