import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Growth, growTree } from '@/engine/files/test-tree'
import { collectionFacts } from './collection-facts'
import { DatabaseModel } from './database-model'
import { readAttributes } from './folder-attributes'
import { joined } from './folder-handle'
import { Journal } from './journal'
import type { JournalRecord } from './journal-records'
import { type EndOptions, leadToEnd } from './lead-to-end'
import { compareOutcome } from './outcome'
import { factsBefore, planCollections } from './plan-collections'
import { type Ground, planPaths } from './plan-paths'
import { settle } from './settle'
import { treeFacts } from './tree-facts'

/** Thrown where a process would have been killed. */
export class Crash extends Error {}

export type SceneSeed = {
  old: Growth[]
  fresh: Growth[]
  /** collection → documents, on both sides */
  oldCollections: Record<string, number[]>
  newCollections: Record<string, number[]>
  oldViews: Record<string, string>
  newViews: Record<string, string>
}

const signal = new AbortController().signal
const database = 'girder'
const tag = '0123abcd'

/** A tree and a database with what is to replace them waiting beside: all of a restore in place but the reading of a backup. */
export class Scene {
  readonly work = mkdtempSync(join(tmpdir(), 'talekeeper-in-place-'))
  readonly root = join(this.work, 'homes')
  readonly journals = join(this.work, 'journals')
  readonly restoreId = randomUUID()
  readonly stage = join(this.root, '.talekeeper', this.restoreId)
  readonly server = new DatabaseModel()
  records = 0

  private constructor(private readonly seed: SceneSeed) {}

  static async make(seed: SceneSeed): Promise<Scene> {
    const scene = new Scene(seed)
    mkdirSync(scene.journals)
    mkdirSync(scene.root)
    await growTree(scene.root, seed.old)
    for (const [name, numbers] of Object.entries(seed.oldCollections))
      scene.server.collection(database, name, numbers.map(asDocument))
    for (const [name, viewOn] of Object.entries(seed.oldViews))
      if (!(name in seed.oldCollections)) await scene.server.createCollection(database, name, { viewOn, pipeline: [] })
    return scene
  }

  /** Runs the exchange; dies at the `crashAt`th line of the journal, which is on the disk then. */
  async exchange(crashAt = Number.POSITIVE_INFINITY): Promise<void> {
    const folder = Buffer.from(this.root)
    const before = await readAttributes(folder)
    const journal = Journal.create(
      this.journals,
      {
        type: 'begin',
        version: 1,
        restoreId: this.restoreId,
        tag,
        at: new Date().toISOString(),
        instance: { id: randomUUID(), slug: 'wt-test' },
        backupId: randomUUID(),
        stages: [this.stage],
        roots: [folder.toString('base64')],
        folders: [{ place: folder.toString('base64'), before }],
        databases: [database],
        startWriters: null,
      },
      this.#counting(crashAt),
    )
    try {
      const ground = await this.#fillStage()
      const plan = await planPaths([ground], {
        mountPoints: [],
        sinceNs: 2n ** 62n,
        originals: new Map([[folder.toString('base64'), before]]),
        signal,
      })
      const collections = new Map<string, Awaited<ReturnType<typeof collectionFacts>>>()
      for (const name of Object.keys(this.seed.newCollections))
        collections.set(name, await collectionFacts(this.server, database, `${name}__tk_${tag}`, signal))
      const views = new Map(
        Object.entries(this.seed.newViews)
          .filter(([name]) => !collections.has(name))
          .map(([name, viewOn]) => [name, `{"viewOn":"${viewOn}","pipeline":[]}`]),
      )
      const choice = { database, isWhole: true, collections, views, expiring: new Set<string>() }
      const known = await factsBefore(this.server, { ...choice, names: [] }, signal)
      const databases = await planCollections(this.server, choice, { known, signal })
      const items = [...plan.paths, ...databases.collections, ...databases.views, ...plan.folders]
      journal.append(...items.map((item): JournalRecord => ({ type: 'item', item })), {
        type: 'planned',
        items: items.length,
        at: new Date().toISOString(),
      })
      journal.append({ type: 'decision', direction: 'forward', why: 'commit', at: new Date().toISOString() })
      await settle({ journal, server: this.server, log: () => {} })
      const { differences } = await compareOutcome(journal.state, this.server, signal)
      if (differences.length > 0) throw new Error(JSON.stringify(differences))
      journal.append({ type: 'arrived', direction: 'forward', at: new Date().toISOString() })
    } finally {
      journal.close()
    }
  }

  /** What a new process does. */
  recover(crashAt = Number.POSITIVE_INFINITY) {
    return leadToEnd(this.options(crashAt))
  }

  options(crashAt = Number.POSITIVE_INFINITY): EndOptions {
    this.records = 0
    return {
      folder: this.journals,
      restoreId: this.restoreId,
      connect: async () => this.server,
      signal,
      log: () => {},
      mirror: this.#counting(crashAt),
    }
  }

  /** Takes the last line away, or a part of it, as if the process had died before it was written as a whole. */
  cutJournal(how: 'whole' | 'torn'): void {
    const file = join(this.journals, `${this.restoreId}.journal`)
    const text = readFileSync(file, 'utf8')
    const last = text.lastIndexOf('\n', text.length - 2) + 1
    if (last === 0) throw new Error('only one line is there')
    truncateSync(file, how === 'whole' ? last : last + Math.ceil((text.length - last) / 2))
  }

  isCommitted(): boolean {
    return readFileSync(join(this.journals, `${this.restoreId}.journal`), 'utf8').includes('"why":"commit","at"')
  }

  /** The tree without what is ours, and the databases. */
  async state(): Promise<{ tree: string[]; root: string; databases: string[] }> {
    return {
      tree: await treeState(this.root),
      root: JSON.stringify(await readAttributes(Buffer.from(this.root))),
      databases: this.server.snapshot(),
    }
  }

  close(): void {
    rmSync(this.work, { recursive: true, force: true })
  }

  async #fillStage(): Promise<Ground> {
    mkdirSync(this.stage, { recursive: true, mode: 0o700 })
    const staged = joined(this.stage, 'new', 'files', this.root).toString()
    mkdirSync(staged, { recursive: true })
    await growTree(staged, this.seed.fresh)
    for (const [name, numbers] of Object.entries(this.seed.newCollections))
      this.server.collection(database, `${name}__tk_${tag}`, numbers.map(asDocument))
    return { stage: this.stage, artifact: 'files', whole: [Buffer.from(this.root)], chosen: [], excluded: [] }
  }

  #counting(crashAt: number) {
    return () => {
      this.records++
      if (this.records === crashAt) throw new Crash()
    }
  }
}

async function treeState(root: string): Promise<string[]> {
  const names = readdirSync(root, { encoding: 'latin1' }).filter((name) => name !== '.talekeeper')
  return Promise.all(
    names.sort().map(async (name) => {
      const { digest } = await treeFacts(joined(root, Buffer.from(name, 'latin1')), signal)
      return `${Buffer.from(name, 'latin1').toString('base64')} ${digest}`
    }),
  )
}

const asDocument = (number: number) => ({ _id: number, text: 'x'.repeat(number % 50) })
