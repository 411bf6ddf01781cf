import { randomUUID } from 'node:crypto'
import { access, constants, unlink, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { type RunningCommand, runCommand, startCommand } from './command'
import { commonEnv } from './env'

/** The vendor's Database Tools (mongodump, mongorestore): which are there, how they are called, what their logs say. */
export type ToolName = 'mongodump' | 'mongorestore'
export type Tool = { name: ToolName; program: string; version: string }

/** All tools of that name on PATH and in `folders`, each asked for its version. What does not answer is left out. */
export async function findTools(name: ToolName, folders: string[], signal?: AbortSignal): Promise<Tool[]> {
  const candidates = [...folders, ...commonEnv().path.split(delimiter)].map((folder) => join(folder, name))
  const found = await Promise.all([...new Set(candidates)].map((program) => askVersion(name, program, signal)))
  return found.filter((tool) => tool !== null)
}

async function askVersion(name: ToolName, program: string, signal?: AbortSignal): Promise<Tool | null> {
  try {
    await access(program, constants.X_OK)
    const result = await runCommand(program, { arguments: ['--version'], signal })
    const version = /version:?\s+[rv]?(\d+\.\d+(?:\.\d+)?)/.exec(result.stdout.toString())?.[1]
    return result.exitCode === 0 && version ? { name, program, version } : null
  } catch {
    signal?.throwIfAborted()
    return null
  }
}

/**
 * Arguments of mongorestore for an archive on stdin into databases with a prefix; system databases and indexes are left out.
 * `only`: namespaces to restore, a whole database where `collection` is null; null: all.
 */
export function mongorestoreArguments(options: {
  configFile: string
  databasePrefix: string
  leaveOut: string[]
  only: { database: string; collection: string | null }[] | null
}): string[] {
  return [
    `--config=${options.configFile}`,
    '--archive',
    '--numParallelCollections=1',
    '--noIndexRestore',
    '--bypassDocumentValidation',
    '--objcheck',
    ...options.leaveOut.map((database) => `--nsExclude=${database}.*`),
    ...(options.only ?? []).map(
      ({ database, collection }) =>
        `--nsInclude=${literally(database)}.${collection === null ? '*' : literally(collection)}`,
    ),
    '--nsFrom=$database$.$collection$',
    `--nsTo=${options.databasePrefix}$database$.$collection$`,
  ]
}

/** A name within a pattern of namespaces, where a star stands for anything. */
function literally(name: string): string {
  return name.replace(/[\\*]/g, '\\$&')
}

/**
 * Starts a tool with the address in a file of its own, 0600, never on the command line. The file is removed when the tool has
 * ended, however it ended. `build` gets the file's path and gives the arguments.
 */
export async function startTool(
  tool: Tool,
  options: {
    uri: string
    temporaryFolder: string
    build: (configFile: string) => string[]
    stdin: 'ignore' | 'pipe'
    signal: AbortSignal
    onLine: (line: string) => void
  },
): Promise<RunningCommand> {
  const configFile = join(options.temporaryFolder, `mongo-${randomUUID()}.yaml`)
  // a JSON string is a YAML string too
  await writeFile(configFile, `uri: ${JSON.stringify(options.uri)}\n`, { mode: 0o600, flag: 'wx' })
  const remove = () => unlink(configFile).catch(() => {})
  try {
    const command = startCommand(tool.program, {
      arguments: options.build(configFile),
      stdin: options.stdin,
      stdout: 'pipe',
      signal: options.signal,
      onStderrLine: options.onLine,
    })
    const finished = command.finished.finally(remove)
    finished.catch(() => {})
    return { ...command, finished }
  } catch (error) {
    await remove()
    throw error
  }
}

/** What a line of a tool's log means to us; null for all else. Names stand in backquotes from 100.15 or so on. */
export type ToolLogLine =
  | { type: 'dumped'; namespace: string; documents: number }
  | { type: 'dumped-oplog'; documents: number }
  | { type: 'restored'; namespace: string; documents: number; failures: number }
  | { type: 'restored-all'; documents: number; failures: number }
  | { type: 'failed'; text: string }
  | { type: 'document-error'; text: string }

export function parseToolLogLine(line: string): ToolLogLine | null {
  const text = line.replace(/^\d{4}-\d\d-\d\dT[\d:.]+[+-]\d{4}\t/, '')
  const dumped = /^done dumping (.+) \((\d+) documents?\)$/.exec(text)
  if (dumped) return { type: 'dumped', namespace: unquote(dumped[1] ?? ''), documents: Number(dumped[2]) }
  const oplog = /^\s*dumped (\d+) oplog entr(?:y|ies)$/.exec(text)
  if (oplog) return { type: 'dumped-oplog', documents: Number(oplog[1]) }
  const restored = /^finished restoring (.+) \((\d+) documents?, (\d+) failures?\)$/.exec(text)
  if (restored)
    return {
      type: 'restored',
      namespace: unquote(restored[1] ?? ''),
      documents: Number(restored[2]),
      failures: Number(restored[3]),
    }
  const all = /^(\d+) document\(s\) restored successfully\. (\d+) document\(s\) failed to restore\.$/.exec(text)
  if (all) return { type: 'restored-all', documents: Number(all[1]), failures: Number(all[2]) }
  if (text.startsWith('Failed: ')) return { type: 'failed', text: text.slice('Failed: '.length) }
  const ofDocument = /^continuing through error: (.+)$/.exec(text)
  if (ofDocument) return { type: 'document-error', text: ofDocument[1] ?? '' }
  return null
}

function unquote(name: string): string {
  return name.length > 1 && name.startsWith('`') && name.endsWith('`') ? name.slice(1, -1) : name
}

/** Takes credentials out of what a tool prints before it is kept or shown: `mongodb://user:password@` and the bare password. */
export function withoutCredentials(text: string): string {
  return text.replace(/(mongodb(?:\+srv)?:\/\/)[^@\s/]*@/g, '$1')
}
