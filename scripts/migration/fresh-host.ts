import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { UserData } from './user-data'

/** Folders of the host that a first boot writes to, each with a stand-in in a mount namespace of its own. */
const ownFolders = ['/etc', '/usr/local/bin', '/usr/local/sbin', '/var/lib']

/**
 * A host as cloud-init leaves it before it runs its commands: with the files of the user data, without a worker. What it writes lies
 * below `folder`. Its `systemctl` only notes what it is asked. Needs root.
 */
export class FreshHost {
  readonly #folder: string

  constructor(folder: string, userData: UserData) {
    this.#folder = folder
    for (const name of ownFolders) mkdirSync(join(folder, name), { recursive: true })
    cpSync('/etc', join(folder, 'etc'), { recursive: true, verbatimSymlinks: true, filter: isOrdinary })
    for (const { path, permissions, content } of userData.write_files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), content, { mode: Number.parseInt(permissions, 8) })
    }
    const systemctl = join(folder, 'usr/local/bin/systemctl')
    writeFileSync(systemctl, `#!/bin/sh\necho "$@" >> ${join(folder, 'systemctl.log')}\n`, { mode: 0o755 })
  }

  at(path: string): string {
    return join(this.#folder, path)
  }

  /** What the unit of the first boot runs. `output` is all that it prints. */
  firstBoot(): { process: ChildProcess; output: () => string; ended: Promise<number | null> } {
    const mounts = ownFolders.map((name) => `mount --bind '${join(this.#folder, name)}' ${name}`)
    const script = [...mounts, 'exec /usr/local/sbin/talekeeper-first-boot'].join(' && ')
    const child = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', script], { detached: true })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    return { process: child, output: () => output, ended }
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** No sockets, and nothing that another process of the host may be replacing. */
function isOrdinary(path: string): boolean {
  return !path.includes('/talekeeper')
}
