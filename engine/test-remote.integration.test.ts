import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import type { Remote } from '@/protocol/remotes'
import { freePort } from '@/scripts/servers/free-port'
import { localRemote, s3Remote, sftpRemote, sshKey, type TrialRemote, webdavRemote } from './remote/loopback-servers'
import { RunRig } from './run-rig'
import { testRemote } from './test-remote'

let trial: TrialRemote
let rig: RunRig

async function start(make: () => Promise<TrialRemote> | TrialRemote) {
  trial = await make()
  rig = new RunRig(trial.remote)
}
afterEach(async () => {
  expect(readdirSync(`${rig.work}/temporary`), 'no temporary file is left').toEqual([])
  rig.close()
  await trial.stop()
})

/** What the first step that failed said; null when all passed. */
async function fault(remote: Remote): Promise<{ step: string; code: string; text: string } | null> {
  const { steps } = await testRemote(remote, rig.context())
  const failed = steps.find((step) => !step.ok)
  return failed?.problem ? { step: failed.name, code: failed.problem.code, text: failed.problem.text } : null
}

describe('a remote that works', () => {
  const remotes = [
    ['a local folder', localRemote, 'sha256'],
    ['SFTP', sftpRemote, 'sha1'],
    ['WebDAV', webdavRemote, null],
    ['S3', s3Remote, 'md5'],
  ] as const
  it.each(remotes)('%s passes every step and says which hashes it has', async (name, make, hash) => {
    await start(make)
    const answer = await testRemote(trial.remote, rig.context())
    expect(answer.steps.map((step) => [step.name, step.problem])).toEqual([
      ['list', null],
      ['folder', null],
      ['write', null],
      ['read', null],
      ['compare', null],
      ['rename', null],
      ['delete', null],
    ])
    expect(answer.features).toEqual({ caseInsensitive: false, renames: true })
    expect(existsSync(trial.folder) ? readdirSync(trial.folder).filter((name) => name.includes('probe')) : []).toEqual(
      [],
    )
    if (name === 'a local folder') expect(answer.quota?.freeBytes).toBeGreaterThan(0)
    if (hash) expect(answer.hashes).toContain(hash)
    else expect(answer.hashes).toEqual([])
  })
})

/** Issue section 5: each gets an error that says what is wrong, where, and what to do, and never a secret. */
describe('a remote that does not', () => {
  it('SFTP with a wrong password', async () => {
    await start(sftpRemote)
    const found = await fault(withOptions(trial.remote, { pass: 'wrong-secret' }))
    expect(found).toMatchObject({ step: 'list', code: 'remote-wrong-password' })
    expect(found?.text).not.toContain('wrong-secret')
  })

  it('SFTP with a host key of somebody else', async () => {
    await start(sftpRemote)
    const found = await fault(withOptions(trial.remote, { host_key: sshKey().publicKey }))
    expect(found).toMatchObject({ step: 'list', code: 'remote-wrong-host-key' })
  })

  it('SFTP with a private key that is none', async () => {
    await start(sftpRemote)
    const found = await fault(withOptions(trial.remote, { key_pem: 'nonsense', pass: undefined }))
    expect(found).toMatchObject({ step: 'list', code: 'remote-bad-private-key' })
  })

  it('SFTP on a port where nobody listens', async () => {
    await start(sftpRemote)
    const found = await fault(withOptions(trial.remote, { port: String(await freePort()) }))
    expect(found).toMatchObject({ step: 'list', code: 'remote-unreachable' })
  })

  it('a server of a kind that only rclone knows, on a port where nobody listens', async () => {
    await start(localRemote)
    const options = { host: '127.0.0.1', port: String(await freePort()), user: 'keeper', pass: 'ftp-secret' }
    const found = await fault({ id: trial.remote.id, backend: 'ftp', baseFolder: 'WT', options })
    expect(found).toMatchObject({ step: 'list', code: 'remote-unreachable' })
  })

  it.each([
    ['SFTP', sftpRemote],
    ['WebDAV', webdavRemote],
  ] as const)('%s that is read-only', async (_name, make) => {
    await start(() => make({ readOnly: true }))
    expect(await fault(trial.remote)).toMatchObject({ step: 'folder', code: 'remote-denied' })
  })

  it('WebDAV with a wrong password', async () => {
    await start(webdavRemote)
    const found = await fault(withOptions(trial.remote, { pass: 'wrong-secret' }))
    expect(found).toMatchObject({ step: 'list', code: 'remote-wrong-password' })
  })

  it('S3 with a bucket that does not exist', async () => {
    await start(s3Remote)
    const found = await fault({ ...trial.remote, baseFolder: 'elsewhere/WT' })
    expect(found?.code).toBe('remote-bucket-missing')
  })

  it('S3 with an unknown access key', async () => {
    await start(s3Remote)
    const found = await fault(withOptions(trial.remote, { access_key_id: 'NOBODY' }))
    expect(found).toMatchObject({ code: 'remote-wrong-password' })
  })

  it('a backend that the host’s policy leaves out', async () => {
    await start(localRemote)
    rig.policy.backends = ['sftp']
    await expect(testRemote(trial.remote, rig.context())).rejects.toMatchObject({ code: 'outside-policy' })
  })

  it('a local folder by way of a link out of what the policy allows', async () => {
    await start(localRemote)
    mkdirSync(trial.folder, { recursive: true })
    chmodSync(trial.folder, 0o700)
    rig.policy.localRemoteRoots = [`${rig.work}/spool`]
    await expect(testRemote(trial.remote, rig.context())).rejects.toMatchObject({ code: 'outside-policy' })
  })
})

function withOptions(remote: Remote, options: Record<string, string | undefined>): Remote {
  return { ...remote, options: { ...remote.options, ...options } } as Remote
}
