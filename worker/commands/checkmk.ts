import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { HttpUnreachable } from '@/lib/http'
import { Problem } from '@/protocol/problem'
import { standingSchema } from '@/protocol/worker-api'
import { ControlPlane } from '@/worker/fileserver/control-plane'
import { readIdentity } from '@/worker/fileserver/identity'
import type { StateFolder } from '@/worker/fileserver/state-folder'
import { checkmkLines, type LastAnswer } from './checkmk-lines'
import { print } from './print'
import type { WorkerSettings } from './settings'

/** Checkmk's agent waits for its checks: better an old answer than none. */
const timeoutMilliseconds = 8000

const keptSchema = z.object({ at: z.iso.datetime(), standing: standingSchema })

/**
 * Asks the dashboard how this instance's backups stand and prints it for Checkmk. The answer is kept: when the dashboard is away,
 * the last one is judged by this host's own clock, and goes critical by itself. Changes nothing else, and never throws.
 */
export async function checkmk({ state }: WorkerSettings, now = new Date()): Promise<void> {
  const { last, fault } = await ask(state, now)
  for (const line of checkmkLines({ last, fault, waitingReports: countJournals(state) }, now)) print(line)
}

async function ask(state: StateFolder, now: Date): Promise<{ last: LastAnswer | null; fault: string | null }> {
  try {
    const identity = readIdentity(state.identityFile)
    if (!identity) return { last: null, fault: 'this host is not enrolled yet' }
    const signal = AbortSignal.timeout(timeoutMilliseconds)
    const standing = await new ControlPlane(identity.url, identity.key).standing(signal)
    keep(state, { at: now.toISOString(), standing })
    return { last: { standing, at: now }, fault: null }
  } catch (error) {
    return { last: readKept(state), fault: wordsOf(error) }
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof Problem || error instanceof HttpUnreachable) return error.message
  return error instanceof Error && error.name === 'TimeoutError' ? 'it took too long' : String(error)
}

/** Where the folder cannot be written the answer is not kept; the next one is asked for all the same. */
function keep({ standingFile }: StateFolder, kept: z.infer<typeof keptSchema>): void {
  try {
    writeFileSync(`${standingFile}.new`, JSON.stringify(kept), { mode: 0o600 })
    renameSync(`${standingFile}.new`, standingFile)
  } catch {}
}

function readKept({ standingFile }: StateFolder): LastAnswer | null {
  try {
    const { at, standing } = keptSchema.parse(JSON.parse(readFileSync(standingFile, 'utf8')))
    return { at: new Date(at), standing }
  } catch {
    return null
  }
}

function countJournals({ journals }: StateFolder): number {
  try {
    return readdirSync(journals).length
  } catch {
    return 0
  }
}
