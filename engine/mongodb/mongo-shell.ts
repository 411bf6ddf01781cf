import { z } from 'zod'
import { runCommand } from '@/lib/command'
import { withoutCredentials } from '@/lib/mongo-tools'
import { dockerRunArguments, type MongodbContainer } from '@/protocol/mongodb-container'
import { Problem } from '@/protocol/problem'
import type { MongodbAddress } from './address'
import { explainDocker, withContainer } from './docker'
import type { RowQuery } from './row-query'

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()])

const factsSchema = z.object({
  version: z.string().max(100),
  maxWireVersion: z.number(),
  replicaSet: z.string().max(200).nullable(),
  isRouter: z.boolean(),
  databases: z.array(z.object({ name: z.string().max(255), sizeBytes: z.number().min(0) })).max(10_000),
  rows: z.array(z.array(z.array(cell))),
})
const answerSchema = z.union([z.object({ error: z.string() }), factsSchema])

export type ShellFacts = z.infer<typeof factsSchema> & {
  /** of the image */
  mongodumpVersion: string | null
}

/** Answers stand on lines of their own behind this word, between prompts and greetings of whatever shell it is. */
const marker = 'talekeeper-answer '
const limitBytes = 64 * 1024 * 1024

/** mongosh of newer images, mongo of older ones; both read the script from stdin, so that no secret stands in an argument. */
const start =
  'mongodump --version; if command -v mongosh >/dev/null 2>&1; then exec mongosh --nodb --norc --quiet; else exec mongo --nodb --norc --quiet; fi'

/**
 * Asks the server by the shell of the image, in a container of the server's network: facts, databases, and what the queries find.
 * It serves servers that are too old for the driver. Throws a Problem.
 */
export async function askShell(
  container: MongodbContainer,
  address: MongodbAddress,
  options: { queries: RowQuery[]; signal: AbortSignal },
): Promise<ShellFacts> {
  const result = await withContainer(options.signal, (name) =>
    runCommand('docker', {
      arguments: dockerRunArguments({ container, name, program: 'sh', programArguments: ['-c', start] }),
      input: scriptOf(address, options.queries),
      limitBytes,
      signal: options.signal,
    }),
  ).catch((error) => {
    throw explainDocker(error, container)
  })
  const output = result.stdout.toString('utf8')
  const answers = output.split('\n').filter((line) => line.includes(marker))
  const text = answers.at(-1)
  if (text === undefined)
    throw explainDocker(
      new Error(
        withoutCredentials(result.stderr || output)
          .trim()
          .slice(-1000),
      ),
      container,
    )
  const answer = answerSchema.safeParse(parseJson(text.slice(text.indexOf(marker) + marker.length)))
  if (!answer.success || 'error' in answer.data)
    throw notAnswered(
      answer.success && 'error' in answer.data ? answer.data.error : 'its words cannot be read',
      address,
    )
  const mongodumpVersion = /mongodump version:?\s+[rv]?(\d+\.\d+(?:\.\d+)?)/.exec(output)?.[1] ?? null
  return { ...answer.data, mongodumpVersion }
}

/** One line, in the JavaScript that the oldest shell knows. Numbers of 64 bits are objects there, hence Number(). */
function scriptOf({ toolUri, plainHosts }: MongodbAddress, queries: RowQuery[]): string {
  const script = `(function () { try {
    var server; try { server = new Mongo(${JSON.stringify(toolUri)}); }
    catch (error) { if (!${Boolean(plainHosts)}) throw error; server = new Mongo(${JSON.stringify(plainHosts)}); }
    var admin = server.getDB("admin");
    var hello = admin.runCommand({ isMaster: 1 });
    var list = admin.runCommand({ listDatabases: 1 });
    if (!list.ok) throw new Error(list.errmsg);
    var rows = ${JSON.stringify(queries)}.map(function (query) {
      var fields = {}; query.fields.forEach(function (field) { fields[field] = 1; });
      return server.getDB(query.database).getCollection(query.collection).find(query.filter, fields).limit(query.limit).toArray()
        .map(function (found) { return query.fields.map(function (field) {
          var value = found[field];
          return value === null || value === undefined ? null : typeof value === "object" ? String(value) : value;
        }); });
    });
    print(${JSON.stringify(marker)} + JSON.stringify({
      version: admin.runCommand({ buildInfo: 1 }).version, maxWireVersion: Number(hello.maxWireVersion),
      replicaSet: hello.setName || null, isRouter: hello.msg === "isdbgrid",
      databases: list.databases.map(function (database) { return { name: database.name, sizeBytes: Number(database.sizeOnDisk || 0) }; }),
      rows: rows
    }));
  } catch (error) { print(${JSON.stringify(marker)} + JSON.stringify({ error: String(error) })); } })();`
  return `${script.replace(/\s*\n\s*/g, ' ')}\n`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function notAnswered(reason: string, { hosts }: MongodbAddress): Problem {
  const isRefusal = /auth|not allowed|unauthorized/i.test(reason)
  return new Problem({
    code: isRefusal ? 'mongodb-wrong-password' : 'mongodb-unreachable',
    text: `MongoDB did not answer in the container: ${withoutCredentials(reason)}`.slice(0, 2000),
    action: isRefusal
      ? 'Correct user and password in the source; the user needs the role "backup".'
      : 'Check hosts, replica set and Docker network of the source.',
    where: hosts,
  })
}
