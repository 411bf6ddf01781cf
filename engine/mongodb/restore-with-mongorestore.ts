import type { Writable } from 'node:stream'
import { mongorestoreArguments, parseToolLogLine, startTool, type Tool, withoutCredentials } from '@/lib/mongo-tools'
import type { NamespaceFacts } from '@/protocol/manifest'
import { Problem } from '@/protocol/problem'
import type { MongodbAddress } from './address'
import { ArchiveVerifier } from './archive-verifier'
import {
  checkTargets,
  documentsRefused,
  isOfSystem,
  isRestored,
  namespaceName,
  type Restored,
  type RestoreOptions,
  type RestoreTask,
  systemDatabases,
} from './restore-target'

/** What mongorestore printed, boiled down. */
type Told = { documents: number | null; failures: number; firstError: string | null; failure: string | null }

/** Restores by mongorestore. It ends well even when documents were refused: the counts of its last line decide. */
export async function restoreWithMongorestore(
  tool: Tool,
  address: MongodbAddress,
  options: RestoreTask,
): Promise<Restored> {
  const told: Told = { documents: null, failures: 0, firstError: null, failure: null }
  const command = await startTool(tool, {
    uri: address.toolUri,
    temporaryFolder: options.temporaryFolder,
    build: (configFile) =>
      mongorestoreArguments({
        configFile,
        databasePrefix: options.databasePrefix,
        leaveOut: systemDatabases,
        only: options.namespaces,
      }),
    stdin: 'pipe',
    signal: options.signal,
    onLine: (line) => hear(line, told, options),
  })
  command.stdout?.resume()
  const verifier = new ArchiveVerifier({
    preludeEnd: (_header, all) =>
      checkTargets(
        all.filter((collection) => isRestored(collection, options)),
        options.databasePrefix,
        options.existing,
      ),
  })
  let facts: NamespaceFacts[]
  try {
    await feed(command.stdin as Writable, verifier, options)
    facts = verifier.finish()
  } catch (error) {
    command.kill('SIGKILL')
    await command.finished.catch(() => {})
    throw error
  }
  const { exitCode, endedBy } = await command.finished
  if (told.failures > 0) throw documentsRefused(told.failures, told.firstError)
  if (exitCode !== 0 || told.failure !== null)
    throw failed(told.failure ?? `it ended with ${exitCode ?? endedBy}`, address)
  const documents = facts
    .filter((namespace) => isRestored(namespace, options))
    .reduce((sum, namespace) => sum + namespace.documents, 0)
  if (told.documents !== documents) throw failed(`it restored ${told.documents} documents of ${documents}`, address)
  return {
    documents,
    collections: verifier.collections().filter((collection) => isRestored(collection, options)),
    skippedNamespaces: verifier.collections().filter(isOfSystem).map(namespaceName),
  }
}

function hear(line: string, told: Told, options: RestoreOptions): void {
  const meaning = parseToolLogLine(line)
  if (meaning?.type === 'restored-all') {
    told.documents = meaning.documents
    told.failures = meaning.failures
  }
  if (meaning?.type === 'document-error') told.firstError ??= withoutCredentials(meaning.text)
  if (meaning?.type === 'failed') told.failure = withoutCredentials(meaning.text)
  if (meaning && meaning.type !== 'document-error') options.log('info', withoutCredentials(line))
}

/** Verified bytes only reach the tool; when it ends early, its own message is the better one, and feeding just stops. */
async function feed(stdin: Writable, verifier: ArchiveVerifier, options: RestoreOptions): Promise<void> {
  let isClosed = false
  stdin.on('error', () => {
    isClosed = true
  })
  stdin.on('close', () => {
    isClosed = true
  })
  let doneBytes = 0
  for await (const chunk of options.archive) {
    options.signal.throwIfAborted()
    verifier.push(chunk)
    if (!isClosed && !stdin.write(chunk)) await drained(stdin)
    doneBytes += chunk.length
    options.progress(doneBytes)
  }
  stdin.end()
}

function drained(stdin: Writable): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      stdin.off('drain', settle)
      stdin.off('close', settle)
      resolve()
    }
    stdin.once('drain', settle)
    stdin.once('close', settle)
  })
}

function failed(text: string, address: MongodbAddress): Problem {
  return new Problem({
    code: 'mongorestore-failed',
    text: `mongorestore failed: ${text}`.slice(0, 2000),
    action: 'Look at the log of this restore for what mongorestore printed.',
    where: address.hosts,
  })
}
