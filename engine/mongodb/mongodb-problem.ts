import { Problem } from '@/protocol/problem'
import type { MongodbAddress } from './address'
import { fittingTools, serverOfWireVersion } from './tool-versions'

/** Turns what the driver throws into a Problem for people. It is careful with texts: the driver's may quote the address. */
export function toMongodbProblem(error: unknown, address: MongodbAddress): unknown {
  if (error instanceof Problem || !(error instanceof Error)) return error
  const where = address.hosts
  const text = everyMessage(error)
  const code = codeOf(error)

  const wireVersion = /reports (?:maximum|minimum) wire version (\d+)/.exec(text)?.[1]
  if (wireVersion !== undefined && /but this version of the Node\.js Driver/.test(text))
    return serverTooOld(Number(wireVersion), where)
  if (error.name === 'MongoParseError' || error.name === 'MongoInvalidArgumentError')
    return new Problem({
      code: 'mongodb-bad-address',
      text: 'The address of MongoDB has an option that is not known, or not allowed here.',
      action: 'Compare the options after the question mark with the manual of MongoDB connection strings.',
      where,
    })
  if (code === 18 || /authentication failed|AuthenticationFailed|SASL|mechanism/i.test(text))
    return new Problem({
      code: 'mongodb-wrong-password',
      text: 'MongoDB refuses this user name and password.',
      action:
        'Correct them in the source. A user of another database than admin needs authSource=DATABASE in the address.',
      where,
    })
  if (code === 13 || /requires authentication|not authorized|Unauthorized/i.test(text)) return notAllowed(address)
  if (
    /certificate|self.signed|SSL|TLS|secureConnect|socket hang up|ECONNRESET|EPROTO|connection \S+ to \S+ closed/i.test(
      text,
    )
  )
    return new Problem({
      code: 'mongodb-tls',
      text: 'The server ends the connection, or the encryption (TLS) with it fails.',
      action:
        'If the server wants TLS, add tls=true to the address (and tlsCAFile=FILE for a private certificate authority); if it has none, leave tls out.',
      where,
    })
  if (error.name === 'MongoServerSelectionError' || error.name.startsWith('MongoNetwork'))
    return new Problem({
      code: 'mongodb-unreachable',
      text: `No MongoDB can be reached (${reason(text)}).`,
      action:
        'Check host, port and replica set name in the source, and that this host may connect: MongoDB of Whole Tale often has no published port.',
      where,
    })
  if (code !== null)
    return new Problem(
      { code: 'mongodb-refused', text: `MongoDB answered with an error: ${error.message}`.slice(0, 2000), where },
      { cause: error },
    )
  return error
}

function serverTooOld(wireVersion: number, where: string): Problem {
  const server = serverOfWireVersion(wireVersion)
  return new Problem({
    code: 'mongodb-too-old',
    text: `The server is MongoDB ${server} or near it, which is too old for the built-in dumper (4.2 or newer).`,
    action: `Install the MongoDB Database Tools ${fittingTools(wireVersion)} on this host; tool sets are found on PATH and in /opt/mongo-tools/VERSION/bin.`,
    where,
  })
}

function notAllowed({ hosts, hasCredentials }: MongodbAddress): Problem {
  return hasCredentials
    ? new Problem({
        code: 'mongodb-not-allowed',
        text: 'MongoDB does not allow this user to do that.',
        action: 'Give the user the roles "backup" (for backups) and "restore" (for restores) on the database admin.',
        where: hosts,
      })
    : new Problem({
        code: 'mongodb-needs-password',
        text: 'MongoDB wants a user name and a password.',
        action: 'Write them into the address: mongodb://user:password@host:27017/?authSource=admin',
        where: hosts,
      })
}

/** The messages of the error, of its causes, and of each server that was tried. */
function everyMessage(error: Error): string {
  const texts = [error.message]
  if (error.cause instanceof Error) texts.push(everyMessage(error.cause))
  const servers = (error as { reason?: { servers?: Map<string, { error?: unknown }> } }).reason?.servers
  for (const server of servers?.values() ?? [])
    if (server.error instanceof Error) texts.push(everyMessage(server.error))
  return texts.join('\n')
}

function codeOf(error: Error): number | null {
  const code = (error as { code?: unknown }).code
  return typeof code === 'number' ? code : null
}

function reason(text: string): string {
  if (/ECONNREFUSED/.test(text)) return 'nothing listens at that port'
  if (/ENOTFOUND|EAI_AGAIN/.test(text)) return 'the host name is not known'
  if (/EHOSTUNREACH|ENETUNREACH/.test(text)) return 'there is no route to the host'
  return 'no answer in time'
}
