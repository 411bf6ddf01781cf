import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '@/lib/command'
import { MongoServer } from '@/lib/mongo-driver'
import { type BackupSpec, type InPlaceSpec, inPlaceSpecSchema } from '@/protocol/specs'
import type { InPlaceContext } from './context'
import { dropDatabases } from './mongodb/drop-databases'
import { connectAgain } from './restore/in-place/connection-file'
import type { EndOptions } from './restore/in-place/lead-to-end'
import { RunRig } from './run-rig'

/** Surroundings of restores in place for tests: besides those of a run, the journals' folder and what a target is like. */
export class InPlaceRig extends RunRig {
  readonly inPlaceFolder = join(this.work, 'in-place')

  constructor(
    remote: ConstructorParameters<typeof RunRig>[0],
    /** of a MongoDB; null: trees only */
    readonly mongodbUrl: string | null,
    readonly database = `tk_test_${randomUUID().slice(0, 8)}`,
  ) {
    super(remote)
    mkdirSync(this.inPlaceFolder, { mode: 0o700 })
    this.policy.inPlaceRestore = true
  }

  mongodbSource() {
    return {
      kind: 'mongodb' as const,
      id: randomUUID(),
      slug: 'girder',
      reach: 'direct' as const,
      connection: this.mongodbUrl ?? '',
      databases: [this.database],
      consistency: 'best' as const,
      tools: 'built-in' as const,
    }
  }

  inPlaceSpec(backup: BackupSpec, changes: Partial<InPlaceSpec> = {}): InPlaceSpec {
    const { target: _, ...spec } = this.restoreSpec(backup)
    return inPlaceSpecSchema.parse({
      ...spec,
      target: {
        kind: 'inPlace',
        mongodb: this.mongodbUrl === null ? null : { connection: this.mongodbUrl },
        writers: 'stopped',
        safety: null,
        allowForeignFolders: false,
        allowOpenFiles: false,
      },
      ...changes,
    })
  }

  inPlaceContext(changes: Partial<InPlaceContext> = {}): InPlaceContext {
    return { ...this.context(), inPlaceFolder: this.inPlaceFolder, requestSwap: async () => {}, ...changes }
  }

  endOptions(restoreId: string): EndOptions {
    return {
      folder: this.inPlaceFolder,
      restoreId,
      connect: () => connectAgain(this.inPlaceFolder, restoreId),
      signal: this.controller.signal,
      log: () => {},
    }
  }

  /** Everything of the tree that a person or a program could see, without what is ours. */
  async tree(root = this.sourceFolder): Promise<string> {
    const listing = await runCommand('bash', {
      arguments: [
        '-c',
        `find . -path ./.talekeeper -prune -o -printf '%P\\0%y %m %U:%G %T@ %l\\0' | tr '\\n\\0' '\\1\\n' | paste - - | LC_ALL=C sort
         find . -path ./.talekeeper -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0r sha256sum -z | tr '\\0' '\\n'`,
      ],
      workingFolder: root,
    })
    return listing.stdout.toString('latin1')
  }

  /** Documents of all collections but those that are ours, by collection. */
  async documents(): Promise<Record<string, string[]>> {
    if (this.mongodbUrl === null) return {}
    const server = await MongoServer.connect(this.mongodbUrl)
    try {
      const found: Record<string, string[]> = {}
      for (const { name } of await server.listCollections(this.database)) {
        const documents: string[] = []
        for await (const batch of server.readRaw(this.database, name))
          documents.push(...batch.map((one) => Buffer.from(one).toString('base64')))
        found[name] = documents.sort((a, b) => (a < b ? -1 : 1))
      }
      return found
    } finally {
      await server.close()
    }
  }

  /** What a restore has left: journals, addresses, stages. */
  left(): string[] {
    const stages = readdirSync(this.sourceFolder).filter((name) => name === '.talekeeper')
    return [...readdirSync(this.inPlaceFolder), ...stages]
  }

  async dropDatabase(): Promise<void> {
    if (this.mongodbUrl === null) return
    const signal = new AbortController().signal
    await dropDatabases({ connection: this.mongodbUrl, databasePrefix: this.database.slice(0, -1), signal })
  }
}
