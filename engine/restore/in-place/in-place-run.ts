import { requireInPlaceAllowed } from '@/engine/check-policy'
import type { InPlaceContext } from '@/engine/context'
import { readMountPoints } from '@/engine/files/mount-points'
import { readTrustedManifest } from '@/engine/remote/read-manifest'
import { nothingCompared, requireIdentical } from '@/engine/restore/compare-restore'
import { fixUpStaged } from '@/engine/restore/fix-ups/fix-up-restored'
import { reconcileRestored } from '@/engine/restore/reconcile/reconcile-restored'
import { type ChosenBackup, type RestorePlace, RestoreRun } from '@/engine/restore/restore-run'
import type { RunScope } from '@/engine/run-scope'
import type { MongoServer } from '@/lib/mongo-driver'
import type { Exchange } from '@/protocol/events'
import { Problem } from '@/protocol/problem'
import type { InPlaceSpec } from '@/protocol/specs'
import { removeBeside } from './beside'
import { databasesOf } from './choose-in-place'
import { connectTo, forgetConnection, keepConnection } from './connection-file'
import { exchangeOf } from './exchange-facts'
import { readAttributes } from './folder-attributes'
import { parentOf } from './folder-handle'
import { findGrounds, makeStage, type SourceGround } from './grounds'
import { Journal } from './journal'
import type { Facts, Item, JournalRecord } from './journal-records'
import { refuseOpenFiles } from './open-files'
import { compareOutcome, differs } from './outcome'
import { factsBefore, planCollections, requireNotSharded } from './plan-collections'
import { planPaths } from './plan-paths'
import { refuseOverlap } from './refuse-overlap'
import { requireEmpty } from './require-empty'
import { settle } from './settle'
import type { StagedDatabases } from './stage-databases'
import { runWritersCommand, writersOf } from './writers'

const now = () => new Date().toISOString()
const never = () => new AbortController().signal

/** One restore in place from its first line in the journal to the exchange, and the way back from any moment of it. */
export class InPlaceRun {
  readonly restore: RestoreRun
  readonly comparison = nothingCompared()
  readonly tag: string
  grounds: SourceGround[] = []
  #server: MongoServer | null = null
  #journal: Journal | null = null
  #mountPoints: string[] = []
  /** what is newer was written since we look */
  #sinceNs = 0n
  readonly #known = new Map<string, Map<string, Facts>>()
  readonly #staged: StagedDatabases = { choices: [], expiries: [] }

  constructor(
    readonly spec: InPlaceSpec,
    readonly context: InPlaceContext,
    readonly scope: RunScope,
  ) {
    const { mongodb } = spec.target
    this.tag = spec.restoreId.slice(0, 8)
    // reading a backup is the same as for a scratch place; nothing is written to this folder
    const target = {
      kind: 'scratch' as const,
      folder: context.spoolFolder,
      mongodb: mongodb && { ...mongodb, databasePrefix: `tk_${this.tag}_`, tools: 'built-in' as const },
    }
    this.restore = new RestoreRun({ ...spec, target }, context, scope)
  }

  /** Writes the journal's first line, stops the writers, makes the stages and notes what everything is like at this moment. */
  async begin(chosen: ChosenBackup, place: RestorePlace): Promise<void> {
    const { spec, context } = this
    this.#mountPoints = await readMountPoints()
    this.grounds = await findGrounds(spec, chosen, this.#mountPoints)
    const roots = this.grounds.flatMap(({ whole, chosen: paths }) => [...whole, ...paths])
    for (const root of roots) await requireInPlaceAllowed(context.policy, textOf(root))
    const databases = databasesOf(chosen, spec)
    refuseOverlap(context.inPlaceFolder, spec.restoreId, roots, databases)
    await this.#connect(databases)
    const { grounds } = this
    if (spec.target.requireEmpty)
      await requireEmpty({ grounds, mountPoints: this.#mountPoints, server: this.#server, databases })
    await this.#openJournal(roots, databases)
    if (spec.target.writers === 'command') await runWritersCommand(writersOf(context.policy).stop, this.scope.signal)
    await this.#makeStages()
    if (spec.target.safety) await this.#noteSafety(place, spec.target.safety)
    else await this.#noteKnown(chosen, databases)
    this.#report('staging')
  }

  stagingOptions() {
    if (!this.#server) throw new Error('there is no MongoDB')
    return { server: this.#server, tag: this.tag, comparison: this.comparison }
  }

  take({ choices, expiries }: StagedDatabases): void {
    this.#staged.choices.push(...choices)
    this.#staged.expiries.push(...expiries)
  }

  requireIdentical(): void {
    this.context.report({ type: 'comparison', comparison: this.comparison })
    requireIdentical(this.comparison)
  }

  /** Changes what waits to be put in place, where this instance is to be told from the one of the backup. */
  async fixUp(): Promise<void> {
    const { fixUps } = this.spec
    if (!fixUps || !this.#server) return
    const { choices } = this.#staged
    await fixUpStaged(this.restore, fixUps, { server: this.#server, choices, tag: this.tag })
  }

  /** Decides what is exchanged, refuses when anything was written meanwhile, and asks for the go. */
  async plan(): Promise<void> {
    const { spec, scope, context } = this
    const paths = this.grounds.flatMap(({ whole, chosen }) => [...whole, ...chosen]).map(textOf)
    if (!spec.target.allowOpenFiles) await refuseOpenFiles(paths)
    await context.requestSwap()
    // after the go, which may take long: what was written while we waited counts
    const signal = scope.signal
    const originals = new Map(this.#begun().state.begin.folders.map(({ place, before }) => [place, before]))
    const facts = { mountPoints: this.#mountPoints, sinceNs: this.#sinceNs, originals, signal }
    const plan = await planPaths(this.grounds, facts)
    const items: Item[] = [...plan.paths]
    for (const choice of this.#staged.choices) {
      const known = this.#known.get(choice.database) ?? new Map()
      const { collections, views } = await planCollections(this.stagingOptions().server, choice, { known, signal })
      items.push(...collections, ...views)
    }
    items.push(...this.#staged.expiries, ...plan.folders)
    this.#begun().append(...items.map((item): JournalRecord => ({ type: 'item', item })), {
      type: 'planned',
      items: items.length,
      at: now(),
    })
  }

  /** From the commit point on nothing is cut off any more: neither by a cancel nor by a limit. */
  async exchange(): Promise<void> {
    const journal = this.#begun()
    this.scope.signal.throwIfAborted()
    journal.append({ type: 'decision', direction: 'forward', why: 'commit', at: now() })
    this.#report('committed')
    await this.#settle()
  }

  /** Compares what stands in place with what was compared with the backup. */
  async verify(): Promise<void> {
    const journal = this.#begun()
    const outcome = await compareOutcome(journal.state, this.#server, never())
    journal.append({ type: 'arrived', direction: 'forward', at: now() })
    await this.#startWriters()
    this.#report('swapped')
    if (outcome.differenceCount > 0)
      throw differs(outcome, 'The old copy is kept. Look at what differs, and undo the restore if you do not trust it.')
  }

  /** Tells how the database and the trees fit together that stand in place now. */
  async reconcile(): Promise<void> {
    if (!this.#server) return
    const ofFiles = this.grounds.filter(({ from }) => from.kind === 'files')
    const roots = ofFiles.flatMap(({ whole }) => whole.map(textOf))
    const databases = this.#staged.choices.map(({ database }) => database)
    await reconcileRestored(this.restore, { server: this.#server, databases, roots })
  }

  /** Leads everything back as far as that is possible, and gives what the run has failed of. */
  async failed(reason: unknown): Promise<unknown> {
    const journal = this.#journal
    if (!journal || journal.state.arrived !== null) return reason
    try {
      if (journal.state.isCommitted) {
        journal.append({ type: 'decision', direction: 'back', why: 'failure', at: now() })
        await this.#settle()
        const outcome = await compareOutcome(journal.state, this.#server, never())
        if (outcome.differenceCount > 0) throw differs(outcome, 'Look at what differs.')
        journal.append({ type: 'arrived', direction: 'back', at: now() })
      }
      await this.#startWriters()
      await removeBeside(journal.state, this.#server, never())
      this.#report('rolled-back')
      journal.remove()
      this.#journal = null
      forgetConnection(this.context.inPlaceFolder, this.spec.restoreId)
      this.restore.log('info', 'Everything is as it was, and nothing of the restore is left.')
      return reason
    } catch (error) {
      this.restore.log('error', `It could not be led back: ${error instanceof Error ? error.message : String(error)}`)
      return journal.state.isCommitted ? halfWay(this.spec.restoreId, reason) : reason
    }
  }

  async close(): Promise<void> {
    this.#journal?.close()
    await this.#server?.close()
  }

  async #connect(databases: string[]): Promise<void> {
    const { mongodb } = this.spec.target
    if (!mongodb || databases.length === 0) return
    this.#server = await connectTo(mongodb.connection)
    requireNotSharded(this.#server)
  }

  async #openJournal(roots: Buffer[], databases: string[]): Promise<void> {
    const { spec, context } = this
    const stages = [...new Set(this.grounds.map(({ stage }) => stage))]
    const folders = []
    for (const stage of stages) {
      const folder = parentOf(parentOf(Buffer.from(stage)))
      folders.push({ place: folder.toString('base64'), before: await readAttributes(folder) })
    }
    if (this.#server && spec.target.mongodb)
      keepConnection(context.inPlaceFolder, spec.restoreId, spec.target.mongodb.connection)
    this.#journal = Journal.create(
      context.inPlaceFolder,
      {
        type: 'begin',
        version: 1,
        restoreId: spec.restoreId,
        tag: this.tag,
        at: now(),
        instance: spec.instance,
        backupId: spec.backup.id,
        stages,
        roots: roots.map((root) => root.toString('base64')),
        folders,
        databases,
        startWriters: spec.target.writers === 'command' ? writersOf(context.policy).start : null,
      },
      (record) => this.#mirror(record),
    )
  }

  async #makeStages(): Promise<void> {
    const times: bigint[] = []
    for (const stage of this.#begun().state.begin.stages)
      times.push(await makeStage(stage, this.spec.target.allowForeignFolders))
    this.#sinceNs = times.reduce((least, time) => (time < least ? time : least), times[0] ?? 0n)
  }

  /** What was written since the safety backup began would be in neither. */
  async #noteSafety(place: RestorePlace, safety: NonNullable<InPlaceSpec['target']['safety']>): Promise<void> {
    const manifest = await readTrustedManifest(place.store, safety, this.spec.signingKeys)
    this.#sinceNs = BigInt(Date.parse(manifest.startedAt)) * 1_000_000n
    for (const artifact of manifest.artifacts) {
      if (artifact.kind !== 'mongodb') continue
      for (const { database, collection, documents, bytes, digest } of artifact.namespaces) {
        const known = this.#known.get(database) ?? new Map<string, Facts>()
        this.#known.set(database, known.set(collection, { count: documents, bytes, digest }))
      }
    }
  }

  async #noteKnown(chosen: ChosenBackup, databases: string[]): Promise<void> {
    const wanted = this.spec.selection?.namespaces ?? null
    const names = chosen.mongodb.flatMap((artifact) => artifact.namespaces)
    for (const database of databases) {
      if (!this.#server) continue
      const choice = {
        database,
        isWhole: wanted === null || wanted.some((one) => one.database === database && one.collection === null),
        names: names.filter((one) => one.database === database).map(({ collection }) => collection),
      }
      this.#known.set(database, await factsBefore(this.#server, choice, this.scope.signal))
    }
  }

  #settle(): Promise<void> {
    return settle({ journal: this.#begun(), server: this.#server, log: this.restore.log })
  }

  async #startWriters(): Promise<void> {
    const journal = this.#begun()
    const { begin, areWritersStarted } = journal.state
    if (areWritersStarted || !begin.startWriters) return
    try {
      await runWritersCommand(begin.startWriters)
      journal.append({ type: 'writers-started' })
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error)
      this.restore.warnings.add({ code: 'writers-not-started', text: `What was stopped could not be started: ${text}` })
    }
  }

  #begun(): Journal {
    if (!this.#journal) throw new Error('the journal was not begun')
    return this.#journal
  }

  #mirror(record: JournalRecord): void {
    if (record.type === 'step') this.restore.log('info', `step ${record.number}: ${record.what}`)
  }

  #report(state: Exchange['state']): void {
    this.context.report({ type: 'exchange', exchange: exchangeOf(this.#begun().state, state) })
  }
}

function textOf(path: Buffer): string {
  return path.toString()
}

function halfWay(restoreId: string, reason: unknown): Problem {
  const text = reason instanceof Error ? reason.message : 'unknown reason'
  return new Problem({
    code: 'half-way',
    text: `The exchange could neither be ended nor led back: ${text}`.slice(0, 2000),
    action: `Put right what is said here, then restart the worker, which goes on by itself, or run on its host: talekeeper-worker restore --roll-back ${restoreId}`,
    where: restoreId,
  })
}
