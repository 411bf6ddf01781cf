import { existsSync } from 'node:fs'
import { fail, run, say } from './terminal.mjs'

/** Debian packages by a program, or a file, that tells whether they are there. The last ones compile the SQLite driver where npm has no binary. */
const packages = {
  'redis-server': 'redis-server',
  rclone: 'rclone',
  zstd: 'zstd',
  tar: 'tar',
  setfacl: 'acl',
  setfattr: 'attr',
  setpriv: 'util-linux',
  xxhsum: 'xxhash',
  openssl: 'openssl',
  python3: 'python3',
  make: 'make',
  'g++': 'g++',
}
const testPackages = {
  chromium: 'chromium',
  sftp: 'openssh-client',
  sshd: 'openssh-server',
  '/usr/lib/python3/dist-packages/pyftpdlib/servers.py': 'python3-pyftpdlib',
}

/** Installs what is missing as root; prints the one command to run as anybody else, and ends with exit 1. */
export async function installPackages({ forTests }) {
  const wanted = forTests ? { ...packages, ...testPackages } : packages
  const missing = Object.keys(wanted).filter((program) => !isInstalled(program))
  if (missing.length === 0) return
  const names = missing.map((program) => wanted[program])
  if (!existsSync('/usr/bin/apt-get')) fail(`Please install: ${names.join(' ')}`)
  if (process.getuid() !== 0)
    fail(`Some programs are missing. Please run:\n\n  sudo apt-get install -y ${names.join(' ')}\n`)
  say(`installing Debian packages: ${names.join(' ')}`)
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update', '-qq'], { quiet: true, env })
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], { quiet: true, env })
}

function isInstalled(program) {
  if (program.startsWith('/')) return existsSync(program)
  return [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'].some((folder) =>
    existsSync(`${folder}/${program}`),
  )
}
