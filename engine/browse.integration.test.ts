import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { listFolder } from './list-folder'
import { freePort } from '@/scripts/servers/free-port'
import { localRemote, s3Remote, sftpRemote, type TrialRemote } from './remote/loopback-servers'
import { RunRig } from './run-rig'
import { scanHostKey } from './scan-host-key'

let trial: TrialRemote
let rig: RunRig
async function start(make: () => Promise<TrialRemote> | TrialRemote) {
  trial = await make()
  rig = new RunRig(trial.remote)
}
afterEach(async () => {
  rig.close()
  await trial.stop()
})
const browse = (folder: string, make = false) => listFolder({ remote: trial.remote, folder, make }, rig.context())

describe('folders of a remote, to choose from', () => {
  it('are shown without files, in each, and made where asked', async () => {
    await start(sftpRemote)
    mkdirSync(join(trial.folder, 'inner'), { recursive: true })
    writeFileSync(join(trial.folder, 'file'), 'content')
    expect(await browse('')).toEqual({ folders: ['WT'], isWhole: true })
    expect(await browse('WT')).toEqual({ folders: ['inner'], isWhole: true })
    expect(await browse('WT/made', true)).toEqual({ folders: [], isWhole: true })
    expect(existsSync(join(trial.folder, 'made'))).toBe(true)
  })

  it('begin with the buckets of S3', async () => {
    await start(s3Remote)
    expect((await browse('')).folders).toEqual(['backups'])
  })

  it('of the worker’s own host are those that its policy allows, and no others', async () => {
    await start(localRemote)
    expect((await browse('')).folders).toEqual(rig.policy.localRemoteRoots)
    await expect(browse('/etc')).rejects.toMatchObject({ code: 'outside-policy' })
    await expect(browse('/etc/made', true)).rejects.toMatchObject({ code: 'outside-policy' })
  })
})

describe('the host key of an SSH server', () => {
  it('is what the server shows, with the fingerprint that ssh-keygen prints', async () => {
    await start(sftpRemote)
    if (trial.remote.backend !== 'sftp') throw new Error('not SFTP')
    const { host_key: key, port } = trial.remote.options
    const { keys } = await scanHostKey('127.0.0.1', port, rig.context())
    const digest = createHash('sha256')
      .update(Buffer.from(key.split(' ')[1] ?? '', 'base64'))
      .digest('base64')
    expect(keys).toEqual([{ type: 'ssh-ed25519', key, fingerprint: `SHA256:${digest.replace(/=+$/, '')}` }])
  })

  it('is a problem in words where nobody listens', async () => {
    await start(localRemote)
    const port = String(await freePort())
    await expect(scanHostKey('127.0.0.1', port, rig.context())).rejects.toMatchObject({ code: 'host-key-unknown' })
  })
})
