import { Problem } from '@/protocol/problem'

export type MongodbAddress = {
  /** for the driver */
  uri: string
  /** for the vendor's tools: without a database in its path, which they would take as the only one to dump */
  toolUri: string
  /** `host:port,host:port`, fit to be shown */
  hosts: string
  /** `set/host:port,host:port` for --host, where that says all there is to say and no secret; else null */
  plainHosts: string | null
  hasCredentials: boolean
}

/**
 * Reads a source's connection: a mongodb:// or mongodb+srv:// address, or hosts as mongodump's --host takes them and Whole Tale
 * writes them: `rs1/wt_mongo1:27017,wt_mongo2:27017` (a replica set), `mongo:27017`. Throws the Problem `mongodb-bad-address`.
 */
export function parseAddress(connection: string): MongodbAddress {
  const uri = /^mongodb(\+srv)?:\/\//.test(connection) ? connection : hostsToUri(connection)
  const match = /^(mongodb(?:\+srv)?):\/\/(?:([^@/]*)@)?([^/?@]+)(?:\/([^?]*))?(?:\?(.*))?$/.exec(uri)
  if (!match) throw badAddress()
  const [, scheme = '', credentials, hosts = '', database = '', query = ''] = match
  const options = query === '' ? [] : query.split('&')
  const namesAuthSource = options.some((option) => /^authSource=/i.test(option))
  if (credentials && database && !namesAuthSource) options.push(`authSource=${database}`)
  const userPart = credentials === undefined ? '' : `${credentials}@`
  const queryPart = options.length > 0 ? `?${options.join('&')}` : ''
  return {
    uri,
    toolUri: `${scheme}://${userPart}${hosts}/${queryPart}`,
    hosts,
    plainHosts: scheme === 'mongodb' && !credentials ? plainHosts(hosts, query) : null,
    hasCredentials: Boolean(credentials),
  }
}

function plainHosts(hosts: string, query: string): string | null {
  if (query === '') return hosts
  const replicaSet = /^replicaSet=([A-Za-z0-9_.-]+)$/.exec(query)?.[1]
  return replicaSet ? `${replicaSet}/${hosts}` : null
}

function hostsToUri(connection: string): string {
  const match = /^(?:([A-Za-z0-9_.-]+)\/)?([A-Za-z0-9_.:[\],-]+)$/.exec(connection)
  if (!match) throw badAddress()
  const [, replicaSet, hosts] = match
  return `mongodb://${hosts}/${replicaSet ? `?replicaSet=${replicaSet}` : ''}`
}

/** The connection itself is never shown: it may hold a password. */
function badAddress(): Problem {
  return new Problem({
    code: 'mongodb-bad-address',
    text: 'The address of MongoDB cannot be read.',
    action:
      'Write mongodb://user:password@host:27017/ (with @ : / ? in a password as %40 %3A %2F %3F), or hosts such as rs1/host1:27017,host2:27017.',
  })
}
