import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from './free-port'
import { stopProcess, waitForPort } from './process'

export type DemoMongo = {
  url: string
  port: number
  /** null when DEMO_MONGODB_URL names a server that runs already */
  process: ChildProcess | null
  stop: () => Promise<void>
}

const projectFolder = resolve(import.meta.dirname, '..', '..')
const sourceFolder = join(projectFolder, 'tools', 'demo-mongo')
const cacheFolder = join(projectFolder, '.cache', 'demo-mongo')

/**
 * A MongoDB-compatible server on loopback with its data below `folder`: the one that DEMO_MONGODB_URL names, else `mongod` of
 * PATH, else tools/demo-mongo, which is built when its sources have changed (needs Go; about a minute the first time).
 * It ends when this process does.
 */
export async function startDemoMongo(folder: string, options: { port?: number } = {}): Promise<DemoMongo> {
  const given = process.env.DEMO_MONGODB_URL
  if (given) return { url: given, port: Number(new URL(given).port || 27017), process: null, stop: async () => {} }

  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const port = options.port ?? (await freePort())
  const mongod = findOnPath('mongod')
  const [program, programArguments] = mongod
    ? [mongod, ['--bind_ip', '127.0.0.1', '--port', String(port), '--dbpath', folder]]
    : [await buildDemoMongo(), ['-port', String(port), '-dir', folder]]
  // stderr goes to a file: a pipe of ours, inherited, would keep whoever reads it waiting for the server's end
  const log = openSync(`${folder}.log`, 'a', 0o600)
  const child = spawn('setpriv', ['--pdeathsig=TERM', '--', program, ...programArguments], {
    stdio: ['ignore', 'ignore', log],
  })
  closeSync(log)
  await waitForPort(port, child)
  return { url: `mongodb://127.0.0.1:${port}/`, port, process: child, stop: () => stopProcess(child) }
}

/** Builds tools/demo-mongo unless a build of exactly these sources is cached; returns the program's path. */
export async function buildDemoMongo(): Promise<string> {
  const program = join(cacheFolder, sourceHash(), 'demo-mongo')
  if (existsSync(program)) return program
  mkdirSync(join(program, '..'), { recursive: true })
  const building = `${program}.${process.pid}`
  try {
    await promisify(execFile)(
      'go',
      ['build', '-C', sourceFolder, '-mod=readonly', '-trimpath', '-ldflags=-s -w', '-o', building, '.'],
      { env: { ...process.env, CGO_ENABLED: '0' }, maxBuffer: 16 * 1024 * 1024 },
    )
  } catch (cause) {
    throw new Error(
      'tools/demo-mongo could not be built. It needs Go 1.24 or newer and the Go module proxy; or start a MongoDB yourself and set DEMO_MONGODB_URL.',
      { cause },
    )
  }
  renameSync(building, program)
  return program
}

function sourceHash(): string {
  const hash = createHash('sha256')
  for (const name of ['main.go', 'go.mod', 'go.sum']) hash.update(readFileSync(join(sourceFolder, name)))
  return hash.digest('hex').slice(0, 16)
}

function findOnPath(name: string): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(folder, name)
    try {
      accessSync(file, constants.X_OK)
      return file
    } catch {
      // not in this folder
    }
  }
  return null
}
