import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '@/core/audit/actor'
import { claimPrune } from '@/core/prunes/claim-prune'
import { cleanUpCopies } from '@/core/prunes/clean-up-copies'
import { planRetention } from '@/core/prunes/plan-retention'
import { recordPruneEvents } from '@/core/prunes/record-prune-events'
import { ensureSigningKey } from '@/core/signing/ensure-signing-key'
import type { Db } from '@/lib/db'
import type { EventBody } from '@/protocol/events'
import { Problem } from '@/protocol/problem'
import type { PruneSpec, ReplicationSpec } from '@/protocol/specs'
import { openTestDatabase } from '@/scripts/test-database'
import { openTestQueue } from '@/scripts/test-queue'
import { createGoodBackup, createRemote, createUser } from '@/scripts/test-rows'
import { createScene, numbered, runOf } from '@/scripts/test-scene'
import { cancelReplication } from './cancel-replication'
import { claimReplication } from './claim-replication'
import { giveCopyGo } from './give-copy-go'
import { listWantedCopies } from './list-wanted-copies'
import { markLostReplications } from './mark-lost-replications'
import { planReplications } from './plan-replications'
import { recordReplicationEvents } from './record-replication-events'
import { requestReplication } from './request-replication'

/** Promise: in whatever order things happen, the dashboard never says that a copy is there which is not whole. */

let db: Db
let close: () => Promise<void>
let person: Actor
beforeAll(async () => {
  const opened = await openTestDatabase()
  db = opened.db
  close = opened.close
  openTestQueue()
  await ensureSigningKey()
  const { id, name } = await createUser(db)
  person = { kind: 'user', id, name }
})
afterAll(() => close())

const steps = [
  ...([
    'make',
    'tick',
    'tick',
    'claim',
    'claim',
    'begin',
    'begin',
    'go',
    'go',
    'write',
    'write',
    'finish',
    'finish',
  ] as const),
  ...(['fail', 'crash', 'silence', 'cancel', 'ask', 'retention', 'prune', 'prune', 'hours', 'damage'] as const),
]

type InHand = { id: string; spec: ReplicationSpec; sequence: number; hasGo: boolean; hasWritten: boolean }

/** A control plane with two remotes, and a worker that does as it is told but may die at any moment. */
class World {
  now = new Date('2027-02-01T12:00:00Z')
  readonly inHand: InHand[] = []
  /** what truly lies on each remote: `<remote> <backup>`; a husk is a manifest whose parts were cleaned up before it came */
  readonly truth = new Map<string, 'half' | 'whole' | 'husk'>()
  readonly prunes: PruneSpec[] = []

  private constructor(
    readonly scene: Awaited<ReturnType<typeof createScene>>,
    readonly second: Awaited<ReturnType<typeof createRemote>>,
  ) {}

  static async make(): Promise<World> {
    await db.pruneItem.deleteMany()
    await db.prune.deleteMany()
    await db.backup.deleteMany()
    await db.plan.deleteMany()
    const scene = await createScene(db)
    const second = await createRemote(db)
    await db.planTarget.updateMany({ where: { planId: scene.plan.id }, data: { keepDays: 0, keepLast: 2 } })
    await db.planTarget.create({ data: { planId: scene.plan.id, remoteId: second.id, position: 1, keepLast: 2 } })
    return new World(scene, second)
  }

  /** What is refused changes nothing, and is no fault. */
  async step(name: (typeof steps)[number], choice: number): Promise<void> {
    try {
      await this.#do(name, choice)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
    }
  }

  async #do(name: (typeof steps)[number], choice: number): Promise<void> {
    const { worker, plan } = this.scene
    const hand = this.inHand[choice % Math.max(1, this.inHand.length)]
    const backups = await db.backup.findMany({ where: { planId: plan.id }, orderBy: { sequence: 'asc' } })
    const backup = backups[choice % Math.max(1, backups.length)]
    switch (name) {
      case 'make':
        return this.#makeBackup()
      case 'tick':
        await planReplications(this.now)
        return cleanUpCopies(this.now)
      case 'claim': {
        const row = await db.replication.findFirst({ where: { workerId: worker.id, state: 'queued' } })
        if (!row) return
        const spec = await claimReplication(worker, { id: row.id, attempt: 1 }, this.now)
        this.inHand.push({ id: row.id, spec, sequence: 0, hasGo: false, hasWritten: false })
        return
      }
      case 'begin':
        if (!hand) return
        await this.#report(hand, [{ type: 'folder', folder: hand.spec.backup.folder }])
        if (!this.#isThere(hand.spec.to.id, hand.spec.backup.id)) this.#set(hand, 'half')
        return
      case 'go':
        if (!hand || hand.sequence === 0 || !this.#isThere(hand.spec.from.id, hand.spec.backup.id)) return
        await giveCopyGo(
          worker,
          { run: runOf('replication', hand.id), manifestSha256: hand.spec.backup.manifestSha256 },
          this.now,
        )
        hand.hasGo = true
        return
      case 'write':
        if (!hand?.hasGo) return
        this.#set(hand, this.truth.has(`${hand.spec.to.id} ${hand.spec.backup.id}`) ? 'whole' : 'husk')
        hand.hasWritten = true
        return this.#report(hand, [{ type: 'copied', verification: 'uploaded' }])
      case 'finish':
        if (!hand?.hasWritten) return
        return this.#end(hand, { type: 'finished', state: 'succeeded', problem: null })
      case 'fail':
        if (!hand || hand.hasWritten) return
        return this.#end(hand, { type: 'finished', state: 'failed', problem: { code: 'remote-busy', text: 'Away.' } })
      case 'crash':
        for (const one of [...this.inHand])
          await this.#end(one, {
            type: 'finished',
            state: one.hasWritten ? 'succeeded' : 'failed',
            problem: one.hasWritten ? null : { code: 'worker-restarted', text: 'It was killed.' },
          }).catch(() => {})
        return
      case 'silence':
        this.now = new Date(this.now.getTime() + 3_600_000)
        for (const life of ['web', 'control']) {
          const data = { upSince: new Date(0), lastSeenAt: this.now }
          await db.processLife.upsert({ where: { name: life }, create: { name: life, ...data }, update: data })
        }
        return markLostReplications(this.now)
      case 'cancel': {
        const open = await db.replication.findFirst({
          where: { workerId: worker.id, state: { in: ['queued', 'running'] } },
        })
        if (open) await cancelReplication(person, open.id, this.now)
        return
      }
      case 'ask':
        if (backup) await requestReplication(person, { backupId: backup.id, remoteId: this.second.id }, this.now)
        return
      case 'retention':
        return planRetention(this.now)
      case 'prune':
        return this.#prune()
      case 'hours':
        this.now = new Date(this.now.getTime() + 6 * 3_600_000)
        // the worker beats
        await db.worker.update({ where: { id: worker.id }, data: { lastSeenAt: this.now } })
        return
      case 'damage':
        // a look found it damaged
        if (backup)
          await db.copy.updateMany({
            where: { backupId: backup.id, remoteId: this.second.id, presence: 'present' },
            data: { presence: 'missing' },
          })
    }
  }

  async #makeBackup(): Promise<void> {
    const { instance, plan, worker, remote } = this.scene
    this.now = new Date(this.now.getTime() + 3_600_000)
    const { id } = await createGoodBackup(
      db,
      { instanceId: instance.id, planId: plan.id, planSlug: plan.slug, workerId: worker.id, remoteId: remote.id },
      { finishedAt: this.now },
    )
    this.truth.set(`${remote.id} ${id}`, 'whole')
  }

  /** The worker's queue does one thing at a time; but another worker may clean up after one that is believed lost. */
  async #prune(): Promise<void> {
    const { worker } = this.scene
    const row = await db.prune.findFirst({ where: { workerId: worker.id, state: 'queued' } })
    const running = await db.replication.count({
      where: { id: { in: this.inHand.map(({ id }) => id) }, state: 'running' },
    })
    if (!row || running > 0) return
    const spec = await claimPrune(worker, { id: row.id, attempt: 1 }, this.now)
    const bodies: EventBody[] = []
    for (const { backupId, reason } of spec.items) {
      const place = `${spec.remote.id} ${backupId}`
      if (reason === 'leftover' && this.truth.get(place) === 'whole') {
        const { manifestSha256 } = await db.backup.findUniqueOrThrow({ where: { id: backupId } })
        const problem = { code: 'has-manifest', text: 'It is a backup.' }
        bodies.push({ type: 'pruned', backupId, problem, manifestSha256: manifestSha256 ?? '' })
        continue
      }
      if (reason === 'retention') await this.#expectNotWanted(backupId)
      this.truth.delete(place)
      bodies.push({ type: 'pruned', backupId, problem: null })
    }
    bodies.push({ type: 'finished', state: 'succeeded', problem: null })
    const report = { run: runOf('prune', row.id), events: numbered(bodies), progress: null }
    await recordPruneEvents(worker, report, this.now)
  }

  /** Nothing is deleted while it is being copied. */
  async #expectNotWanted(backupId: string): Promise<void> {
    const open = await db.replication.count({ where: { backupId, state: { in: ['queued', 'running'] } } })
    expect(open, 'deleted while it is being copied').toBe(0)
  }

  #isThere(remoteId: string, backupId: string): boolean {
    return this.truth.get(`${remoteId} ${backupId}`) === 'whole'
  }

  #set({ spec }: InHand, what: 'half' | 'whole' | 'husk'): void {
    this.truth.set(`${spec.to.id} ${spec.backup.id}`, what)
  }

  async #report(hand: InHand, bodies: EventBody[]): Promise<void> {
    const run = runOf('replication', hand.id)
    const events = numbered(bodies, hand.sequence + 1)
    try {
      await recordReplicationEvents(this.scene.worker, { run, events, progress: null }, this.now)
      hand.sequence += bodies.length
    } catch (error) {
      // disowned: the worker ends the run
      this.inHand.splice(this.inHand.indexOf(hand), 1)
      throw error
    }
  }

  async #end(hand: InHand, finished: EventBody): Promise<void> {
    await this.#report(hand, [finished])
    this.inHand.splice(this.inHand.indexOf(hand), 1)
  }

  async check(): Promise<void> {
    const copies = await db.copy.findMany({ where: { backup: { planId: this.scene.plan.id } } })
    for (const { backupId, remoteId, presence } of copies) {
      const truth = this.truth.get(`${remoteId} ${backupId}`)
      if (presence === 'present') expect(truth, 'shown as there').toBe('whole')
      if (truth === 'half' && presence !== 'missing') expect(presence, 'half, and nobody knows').toBe('leftover')
    }
    const open = await db.replication.groupBy({
      by: ['backupId', 'toRemoteId'],
      where: { workerId: this.scene.worker.id, state: { in: ['queued', 'running'] } },
      _count: true,
    })
    for (const { _count } of open) expect(_count, 'one run a copy').toBe(1)
  }

  /** Left to itself, everything that is wanted and not given up is copied in the end. */
  async settle(): Promise<void> {
    await this.step('crash', 0)
    for (let round = 0; round < 40; round++) {
      for (const name of ['hours', 'prune', 'tick', 'prune', 'claim', 'begin', 'go', 'write', 'finish'] as const)
        await this.step(name, 0)
      await this.check()
      if (await this.#isSettled()) return
    }
    expect.unreachable('something is never copied, or never cleaned up')
  }

  async #isSettled(): Promise<boolean> {
    const left = await listWantedCopies(db, this.scene.plan.id, this.now)
    const halves = await db.copy.count({ where: { presence: 'leftover' } })
    return halves === 0 && left.every(({ isGivenUp }) => isGivenUp)
  }
}

test('in any order of planning, copying, crashing, cancelling and deleting', async () => {
  const story = fc.array(fc.tuple(fc.constantFrom(...steps), fc.nat(5)), { minLength: 10, maxLength: 50 })
  await fc.assert(
    fc.asyncProperty(story, async (told) => {
      const world = await World.make()
      for (const [name, choice] of told) {
        await world.step(name, choice)
        await world.check()
      }
      await world.settle()
    }),
    { numRuns: 12, seed: 42 },
  )
}, 120_000)
