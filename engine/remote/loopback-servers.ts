import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import S3rver from 's3rver'
import { type RunningCommand, runCommand, startCommand } from '@/lib/command'
import type { Remote } from '@/protocol/remotes'
import { freePort } from '@/scripts/servers/free-port'

/** Real remotes for tests: a folder, and SFTP, WebDAV, S3 and FTP servers on loopback that keep their files in one. */
export type TrialRemote = { remote: Remote; folder: string; stop: () => Promise<void> }

export function localRemote(): TrialRemote {
  const folder = temporaryFolder()
  return {
    remote: { id: randomUUID(), backend: 'local', baseFolder: join(folder, 'WT'), options: {} },
    folder: join(folder, 'WT'),
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

export async function sftpRemote(options: { readOnly?: boolean } = {}): Promise<TrialRemote> {
  const folder = temporaryFolder()
  const key = sshKey()
  writeFileSync(join(folder, 'host-key'), key.privateKey, { mode: 0o600 })
  const password = `sftp-${randomBytes(12).toString('hex')}`
  const server = await serve(folder, 'sftp', password, ['--key', join(folder, 'host-key')], options)
  return {
    remote: {
      id: randomUUID(),
      backend: 'sftp',
      baseFolder: 'WT',
      options: {
        host: '127.0.0.1',
        port: String(server.port),
        user: 'keeper',
        pass: password,
        host_key: key.publicKey,
      },
    },
    folder: join(folder, 'served', 'WT'),
    stop: server.stop,
  }
}

export async function webdavRemote(options: { readOnly?: boolean } = {}): Promise<TrialRemote> {
  const folder = temporaryFolder()
  const password = `webdav-${randomBytes(12).toString('hex')}`
  const server = await serve(folder, 'webdav', password, [], options)
  return {
    remote: {
      id: randomUUID(),
      backend: 'webdav',
      baseFolder: 'WT',
      options: { url: `http://127.0.0.1:${server.port}`, vendor: 'other', user: 'keeper', pass: password },
    },
    folder: join(folder, 'served', 'WT'),
    stop: server.stop,
  }
}

/** OpenSSH's own server, signed in to by a key as whoever runs the test. */
export async function openSshRemote(): Promise<TrialRemote> {
  const folder = temporaryFolder()
  const hostKey = join(folder, 'host-key')
  const user = userInfo().username
  const key = sshKey()
  await runCommand('ssh-keygen', { arguments: ['-q', '-t', 'ed25519', '-N', '', '-f', hostKey] })
  writeFileSync(join(folder, 'authorized'), `${key.publicKey}\n`, { mode: 0o600 })
  const settings = [
    ...[`HostKey ${hostKey}`, `AuthorizedKeysFile ${join(folder, 'authorized')}`, 'StrictModes no', 'UsePAM no'],
    ...['PermitRootLogin yes', 'PasswordAuthentication no', 'PidFile none', 'Subsystem sftp internal-sftp'],
  ]
  writeFileSync(join(folder, 'sshd_config'), `${settings.join('\n')}\n`)
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true })
  const place = `-f${join(folder, 'sshd_config')}`
  const server = await listen('/usr/sbin/sshd', folder, (port) => [
    '-D',
    '-e',
    place,
    `-p${port}`,
    '-oListenAddress=127.0.0.1',
  ])
  const base = join(folder, 'served', 'WT')
  return {
    remote: {
      id: randomUUID(),
      backend: 'sftp',
      baseFolder: base,
      options: {
        ...{ host: '127.0.0.1', port: String(server.port), user, key_pem: key.privateKey },
        host_key: readFileSync(`${hostKey}.pub`, 'utf8').split(' ').slice(0, 2).join(' '),
      },
    },
    folder: base,
    stop: server.stop,
  }
}

/** Debian's python3-pyftpdlib */
export async function ftpRemote(): Promise<TrialRemote> {
  const folder = temporaryFolder()
  const password = `ftp-${randomBytes(12).toString('hex')}`
  const served = join(folder, 'served')
  const who = ['-u', 'keeper', '-P', password]
  const server = await listen('/usr/bin/python3', folder, (port) => [
    ...['-m', 'pyftpdlib', '-i', '127.0.0.1', '-p', String(port), '-w', '-d', served, ...who],
  ])
  // its MLSD answers 501 for a folder that is not there, which rclone takes for a fault
  const options = { host: '127.0.0.1', port: String(server.port), user: 'keeper', pass: password, disable_mlsd: 'true' }
  return {
    remote: { id: randomUUID(), backend: 'ftp', baseFolder: 'WT', options },
    folder: join(served, 'WT'),
    stop: server.stop,
  }
}

export async function s3Remote(): Promise<TrialRemote> {
  const folder = temporaryFolder()
  const server = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory: folder,
    configureBuckets: [{ name: 'backups', configs: [] }],
  })
  const { port } = await server.run()
  return {
    remote: {
      id: randomUUID(),
      backend: 's3',
      baseFolder: 'backups/WT',
      options: {
        provider: 'Other',
        endpoint: `http://127.0.0.1:${port}`,
        region: 'us-east-1',
        access_key_id: 'S3RVER',
        secret_access_key: 'S3RVER',
        force_path_style: 'true',
      },
    },
    folder: join(folder, 'backups', 'WT'),
    stop: async () => {
      await server.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The public line of a fresh Ed25519 host key, as `ssh-keyscan` shows it, and the private key in PEM. */
export function sshKey(): { publicKey: string; privateKey: string } {
  const pair = generateKeyPairSync('ed25519')
  const raw = pair.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
  const fields = [Buffer.from('ssh-ed25519'), raw].flatMap((field) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(field.length)
    return [length, field]
  })
  return {
    publicKey: `ssh-ed25519 ${Buffer.concat(fields).toString('base64')}`,
    privateKey: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'talekeeper-engine-'))
}

async function serve(
  folder: string,
  kind: 'sftp' | 'webdav',
  password: string,
  serveArguments: string[],
  options: { readOnly?: boolean },
): Promise<{ port: number; stop: () => Promise<void> }> {
  const readOnly = options.readOnly ? ['--read-only'] : []
  const command = (port: number) => ['serve', kind, `--addr=127.0.0.1:${port}`, ...serveArguments, ...readOnly]
  const environment = { RCLONE_CONFIG: '', RCLONE_USER: 'keeper', RCLONE_PASS: password }
  return listen('rclone', folder, (port) => [...command(port), join(folder, 'served')], environment)
}

/** Starts a server that keeps its files in `served` below `folder`; all of that is gone when it has stopped. */
async function listen(
  program: string,
  folder: string,
  argumentsFor: (port: number) => string[],
  environment: Record<string, string> = {},
): Promise<{ port: number; stop: () => Promise<void> }> {
  mkdirSync(join(folder, 'served'), { recursive: true })
  const port = await freePort()
  const command = startCommand(program, {
    ...{ arguments: argumentsFor(port), environment, stdout: 'ignore', lowPriority: false },
  })
  await accepting(port, command)
  return {
    port,
    stop: async () => {
      command.kill('SIGTERM')
      await command.finished
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function accepting(port: number, command: RunningCommand): Promise<void> {
  let ended = false
  const end = () => {
    ended = true
  }
  command.finished.then(end, end)
  while (!ended) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true))
      socket.once('connect', () => socket.destroy())
      socket.once('error', () => resolve(false))
    })
    if (isOpen) return
    await sleep(50)
  }
  throw new Error(`the server on port ${port} ended: ${(await command.finished).stderr}`)
}
