import { findNewest } from '@/core/backups/find-newest'
import { oneLine, shortened } from '@/core/deliveries/message'
import { db, type Ping } from '@/lib/db'
import { controlPlaneEnv } from '@/lib/env'
import { HttpUnreachable, sendGuarded } from '@/lib/http'
import { AddressRefused } from '@/lib/network-guard'
import { problemSchema } from '@/protocol/problem'
import { type PingedRun, type PingWord, pauseMilliseconds, wordOf } from './ping-rules'
import { type PingAnswer, recordAttempt } from './record-attempt'
import { unsealPing } from './seal-ping'

const timeoutSeconds = 10
const mostBodyCharacters = 1000

/** Tells each address of its plan's newest run once, and that of control once a minute while control gets through its work. */
export async function sendPings(now = new Date()): Promise<void> {
  const pings = await db().ping.findMany()
  if (pings.length === 0) return
  const runs = await readRuns(pings.flatMap(({ planId }) => planId ?? []))
  await Promise.all(pings.map((ping) => sendPing(ping, runs, now)))
}

async function sendPing(ping: Ping, runs: Map<string, PingedRun>, now: Date): Promise<void> {
  const word = ping.planId === null ? controlWord(ping, now) : wordOf(runs.get(ping.planId) ?? null, ping.told)
  if (!word || (ping.failingSince && !isPast(ping, now))) return
  await recordAttempt(ping, word, await send(unsealPing(ping), word), now)
}

function controlWord(ping: Ping, now: Date): PingWord | null {
  return isPast(ping, now) ? { key: 'control', path: '', body: 'Control works.' } : null
}

/** A time to come was written with a wrong clock. */
function isPast(ping: Ping, now: Date): boolean {
  const { attemptedAt } = ping
  return !attemptedAt || attemptedAt > now || now.getTime() - attemptedAt.getTime() >= pauseMilliseconds(ping)
}

async function send(url: string, { path, body }: PingWord): Promise<PingAnswer> {
  try {
    const { status, text } = await sendGuarded(`${url.replace(/\/$/, '')}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8', 'user-agent': 'Talekeeper' },
      body: shortened(oneLine(body), mostBodyCharacters),
      ...{ timeoutSeconds, allowed: controlPlaneEnv().alertNetworks },
    })
    return { isTaken: status >= 200 && status < 300, answer: shortened(oneLine(`${status} ${text}`), 200) }
  } catch (error) {
    if (error instanceof HttpUnreachable || error instanceof AddressRefused)
      return { isTaken: false, answer: error.message }
    throw error
  }
}

async function readRuns(planIds: string[]): Promise<Map<string, PingedRun>> {
  const newest = await findNewest(planIds)
  const sequences = newest.flatMap(({ underWay, ended }) => [underWay, ended]).filter((one) => one !== null)
  const rows = await db().backup.findMany({
    where: { sequence: { in: sequences } },
    select: {
      sequence: true,
      planId: true,
      state: true,
      problem: true,
      instance: { select: { slug: true } },
      planSlug: true,
    },
  })
  const runs = new Map<string, PingedRun>()
  for (const { planId, sequence, state, problem, instance, planSlug } of rows.sort((a, b) => a.sequence - b.sequence)) {
    // one that still waits tells nothing, and the one before it stands
    if (!planId || state === 'queued') continue
    const why = problemSchema.nullable().catch(null).parse(problem)?.text
    runs.set(planId, { sequence, state, text: `${instance.slug} ${planSlug}: ${state}${why ? `. ${why}` : ''}` })
  }
  return runs
}
