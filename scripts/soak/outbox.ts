import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { build } from 'esbuild'
import { sealChannel } from '@/core/channels/channel-secrets'
import { changesContentSchema } from '@/core/deliveries/content'
import type { Db } from '@/lib/db'
import { SeededRandom } from '@/scripts/sample/random'
import { type Received, startReceiver } from '@/scripts/servers/receiver'
import { openTestDatabase } from '@/scripts/test-database'
import { createPlan } from '@/scripts/test-rows'
import { createScene } from '@/scripts/test-scene'

/**
 * Kills the process that watches and sends, with -9 and at any moment, while incidents open and close and the other side fails now
 * and then. Then counts: no change of an incident without its message, no message lost, and one that came twice came under the same
 * id, in a kill's or a broken answer's window.
 */
type OutboxReport = {
  kills: number
  incidents: number
  deliveries: number
  requests: number
  /** answered with 200 more than once */
  doubles: number
  /** answers that the receiver broke off after it had taken the message */
  brokenAnswers: number
}

async function runOutboxKills(db: Db, seed: number, kills: number, stop?: AbortSignal): Promise<OutboxReport> {
  const numbers = new SeededRandom(seed)
  const random = () => numbers.next() / 2 ** 32
  const startedAt = Date.now()
  const taken = new Map<string, { times: number; bodies: Set<string>; attempts: number[] }>()
  let requests = 0
  let brokenAnswers = 0
  const receiver = await startReceiver((received, response) => {
    requests++
    answer(received, response)
  })
  const answer = ({ headers, body }: Received, response: ServerResponse) => {
    const fate = random()
    if (fate < 0.1) return void response.writeHead(503).end('busy')
    const id = String(headers['talekeeper-delivery'])
    const one = taken.get(id) ?? { times: 0, bodies: new Set(), attempts: [] }
    one.bodies.add(body)
    one.attempts.push(Number(headers['talekeeper-attempt']))
    one.times++
    taken.set(id, one)
    if (fate < 0.15) {
      brokenAnswers++
      response.destroy()
    } else setTimeout(() => response.end('taken'), random() * 15)
  }
  await buildVictim()
  const { instance, source, remote } = await createScene(db)
  await createWebhook(db, receiver.url)
  let done = 0
  let victim: ChildProcess | null = null
  try {
    for (; done < kills && !stop?.aborted; done++) {
      victim = await startVictim(startedAt)
      const facts = { instanceId: instance.id, sourceIds: [source.id], remoteId: remote.id }
      await db.plan.updateMany({ data: { heldReason: null } })
      await createPlan(db, facts, { heldReason: `Round ${done}`, heldAt: new Date() })
      await pause(random() * 300)
      victim.kill('SIGKILL')
      await once(victim, 'exit')
    }
    victim = await startVictim(startedAt)
    await untilSent(db, stop)
  } finally {
    victim?.kill('SIGKILL')
    await receiver.stop()
  }
  return count(db, taken, { kills: done, requests, brokenAnswers })
}

const victimFile = '.cache/soak/outbox-victim.mjs'

/** One file starts in a fraction of the time that the sources take. */
async function buildVictim(): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, 'outbox-victim.ts')],
    outfile: victimFile,
    ...{ bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'warning' },
    external: ['better-sqlite3', '@node-rs/argon2'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  })
}

async function startVictim(startedAt: number): Promise<ChildProcess> {
  const victim = fork(victimFile, [String(startedAt)], {
    execArgv: [],
    env: { ...process.env, LOG_LEVEL: 'silent', NODE_ENV: 'production' },
  })
  await Promise.race([once(victim, 'message'), once(victim, 'exit').then(() => Promise.reject(new Error('it ended')))])
  return victim
}

async function createWebhook(db: Db, url: string): Promise<void> {
  const id = randomUUID()
  const secrets = sealChannel(id, { url, key: 'a key of sixteen letters' })
  const rules = { severity: 'notice' as const, environments: [], instanceIds: [], kinds: [] }
  await db.channel.create({ data: { id, name: 'Receiver', kind: 'webhook', settings: {}, secrets, ...rules } })
}

async function untilSent(db: Db, stop?: AbortSignal): Promise<void> {
  for (let quiet = 0; quiet < 5 && !stop?.aborted; ) {
    await pause(200)
    quiet = (await db.delivery.count({ where: { state: 'waiting' } })) === 0 ? quiet + 1 : 0
  }
}

type Counted = Pick<OutboxReport, 'kills' | 'requests' | 'brokenAnswers'>

async function count(
  db: Db,
  taken: Map<string, { times: number; bodies: Set<string>; attempts: number[] }>,
  counted: Counted,
): Promise<OutboxReport> {
  const [deliveries, incidents] = await Promise.all([db.delivery.findMany(), db.incident.findMany()])
  const told = new Map<string, Set<string>>()
  for (const { id, state, content } of deliveries) {
    if (state === 'sent' && !taken.has(id)) throw new Error(`message ${id} counts as sent and never arrived`)
    for (const { incidentId, change, isBrief } of changesContentSchema.parse(content).entries) {
      const changes = told.get(incidentId) ?? new Set()
      changes.add(change)
      if (isBrief) changes.add('opened')
      told.set(incidentId, changes)
    }
  }
  const known = new Set(deliveries.map(({ id }) => id))
  for (const [id, { bodies, times, attempts }] of taken) {
    if (!known.has(id)) throw new Error(`message ${id} arrived and is not in the outbox`)
    if (bodies.size !== 1) throw new Error(`message ${id} was not the same each time`)
    if (new Set(attempts).size !== times) throw new Error(`message ${id} came twice as the same attempt: ${attempts}`)
  }
  // a channel is not told of its own failure, and there is no other
  for (const { id, kind, closedAt } of incidents.filter(({ kind }) => kind !== 'channel-failing')) {
    const changes = told.get(id)
    if (!changes) throw new Error(`nobody was told of the incident ${id} (${kind})`)
    if (closedAt && !changes.has('closed')) throw new Error(`nobody was told that the incident ${id} (${kind}) closed`)
  }
  const doubles = [...taken.values()].reduce((sum, { times }) => sum + times - 1, 0)
  if (doubles > counted.kills + counted.brokenAnswers)
    throw new Error(`${doubles} doubles, in ${counted.kills} kills and ${counted.brokenAnswers} broken answers`)
  return { ...counted, incidents: incidents.length, deliveries: deliveries.length, doubles }
}

/** A database of its own, which the victims find by their environment. */
export async function soakOutbox(seed: number, kills: number, stop?: AbortSignal): Promise<OutboxReport> {
  process.env.ALERT_NETWORKS = '127.0.0.0/8'
  const { db, folder, close } = await openTestDatabase()
  process.env.DATA_FOLDER = folder
  try {
    return await runOutboxKills(db, seed, kills, stop)
  } finally {
    await close()
  }
}
