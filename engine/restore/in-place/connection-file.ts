import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { parseAddress } from '@/engine/mongodb/address'
import { toMongodbProblem } from '@/engine/mongodb/mongodb-problem'
import { MongoServer } from '@/lib/mongo-driver'
import { idSchema } from '@/protocol/names'
import { Problem } from '@/protocol/problem'

const schema = z.object({ connection: z.string().min(1).max(4096) })

/**
 * The MongoDB address of a restore in place, kept beside its journal (0600, in a folder of 0700) as long as something may have to
 * be put right: after a crash there may be no control plane to ask. Kept apart from the journal, which people may want to show.
 */
export function keepConnection(folder: string, restoreId: string, connection: string): void {
  const descriptor = openSync(fileOf(folder, restoreId), 'w', 0o600)
  try {
    writeSync(descriptor, JSON.stringify({ connection }))
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

export function forgetConnection(folder: string, restoreId: string): void {
  rmSync(fileOf(folder, restoreId), { force: true })
}

/** Throws a Problem when the address is gone, or the server cannot be reached. */
export async function connectAgain(folder: string, restoreId: string): Promise<MongoServer> {
  return connectTo(readConnection(folder, restoreId))
}

/** Without a signal: what is half-way is not to be cut off. */
export async function connectTo(connection: string): Promise<MongoServer> {
  const address = parseAddress(connection)
  try {
    return await MongoServer.connect(address.uri)
  } catch (error) {
    throw toMongodbProblem(error, address)
  }
}

function readConnection(folder: string, restoreId: string): string {
  try {
    return schema.parse(JSON.parse(readFileSync(fileOf(folder, restoreId), 'utf8'))).connection
  } catch (cause) {
    throw new Problem(
      {
        code: 'connection-lost',
        text: 'The MongoDB address of this restore in place is no longer on this host.',
        action: 'Write it again into the file named here, as {"connection":"mongodb://…"}, and try again.',
        where: fileOf(folder, restoreId),
      },
      { cause },
    )
  }
}

function fileOf(folder: string, restoreId: string): string {
  return join(folder, `${idSchema.parse(restoreId)}.connection`)
}
