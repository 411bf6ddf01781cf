import { randomInt } from 'node:crypto'
import { closeSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

/**
 * Below those that Linux gives to connections and to servers without a choice (`ip_local_port_range`, from 32768 on): so nobody takes
 * one between its choice and its use, nor while its server is being started anew.
 */
const [first, end] = [20_000, 32_768]
const takenFolder = join(tmpdir(), `talekeeper-ports-${userInfo().uid}`)
/** What a process that was killed has taken is free again after so long. */
const staleMilliseconds = 3_600_000

const taken = new Set<string>()
process.once('exit', () => {
  for (const file of taken) rmSync(file, { force: true })
})

/** A TCP port on loopback that nobody listens on, and that no other process of this host was given while this one lives. */
export async function freePort(): Promise<number> {
  mkdirSync(takenFolder, { recursive: true, mode: 0o700 })
  for (;;) {
    const port = randomInt(first, end)
    if (take(join(takenFolder, String(port))) && (await canListen(port))) return port
  }
}

function take(file: string): boolean {
  try {
    closeSync(openSync(file, 'wx'))
    taken.add(file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
    if (age > staleMilliseconds) rmSync(file, { force: true })
    return false
  }
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
