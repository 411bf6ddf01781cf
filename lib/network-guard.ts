import { lookup as systemLookup } from 'node:dns'
import { BlockList, connect, isIP, type LookupFunction, type Socket } from 'node:net'

/**
 * Keeps requests whose address a person typed in from reaching what only this host can reach. Names are resolved here and the
 * connection goes to an address that was checked, so that a name that changes its address in between (DNS rebinding) gains nothing.
 */

/** The address is one of this host, its link or a private network, and no setting allows it. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused'
}

/** IANA special-purpose registries: what is not reachable from the Internet, and what wraps such an address. */
const closedNetworks = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.168.0.0/16', '198.18.0.0/15', '224.0.0.0/4', '240.0.0.0/4'],
  ...['::/127', '64:ff9b::/96', '64:ff9b:1::/48', '2002::/16', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
]
const closed = blockListOf(closedNetworks)

/** Throws an Error for what is no network such as `10.0.0.0/8`. */
export function blockListOf(networks: string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = isIP(address)
    const most = family === 4 ? 32 : 128
    const length = bits === undefined ? most : Number(bits)
    if (family === 0 || !Number.isInteger(length) || length < 0 || length > most)
      throw new Error(`“${network}” is no network such as 10.0.0.0/8`)
    list.addSubnet(address, length, family === 4 ? 'ipv4' : 'ipv6')
  }
  return list
}

export function isOpen(address: string, allowed: BlockList): boolean {
  const family = isIP(address) === 4 ? 'ipv4' : 'ipv6'
  return isIP(address) !== 0 && (allowed.check(address, family) || !closed.check(address, family))
}

/** For a host that is an address already, which nobody resolves. Throws AddressRefused. */
export function assertOpen(host: string, allowed: BlockList): void {
  const bare = host.replace(/^\[|\]$/g, '')
  if (isIP(bare) !== 0 && !isOpen(bare, allowed)) throw refused(bare)
}

/** As `dns.lookup`, with those addresses alone that may be reached. */
export function guardedLookup(allowed: BlockList): LookupFunction {
  return (hostname, options, callback) => {
    systemLookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '')
      const open = addresses.filter(({ address }) => isOpen(address, allowed))
      const [first] = open
      if (!first) return callback(refused(hostname), '')
      if (options.all) return callback(null, open)
      callback(null, first.address, first.family)
    })
  }
}

/** A connected socket to an address that may be reached. Throws AddressRefused, or what the connection failed with. */
export function openGuardedSocket(
  place: { host: string; port: number },
  allowed: BlockList,
  timeoutMilliseconds: number,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    assertOpen(place.host, allowed)
    const socket = connect({ ...place, lookup: guardedLookup(allowed) })
    socket.setTimeout(timeoutMilliseconds, () => socket.destroy(new Error('connecting took too long')))
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.setTimeout(0)
      socket.off('error', reject)
      resolve(socket)
    })
  })
}

function refused(host: string): AddressRefused {
  return new AddressRefused(
    `${host} is an address of this host or of a private network, and ALERT_NETWORKS does not allow it`,
  )
}
