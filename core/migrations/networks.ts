import { BlockList, isIP } from 'node:net'
import { z } from 'zod'

/** `192.0.2.0/24`, `2001:db8::/32`, or one address. */
export const networkSchema = z
  .string()
  .trim()
  .max(60)
  .refine((text) => parseNetwork(text) !== null, 'Enter addresses such as 192.0.2.17 or 192.0.2.0/24.')

/** Migration.trustedNetworks */
export const trustedNetworksSchema = z.array(networkSchema).max(20, 'At most 20 networks.')

/** Whether an address lies in one of these networks. Pure. */
export function isInNetworks(address: string | null, networks: string[]): boolean {
  const family = address ? isIP(address) : 0
  if (!address || family === 0) return false
  const list = new BlockList()
  for (const network of networks.map(parseNetwork))
    if (network) list.addSubnet(network.address, network.bits, network.family)
  return list.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

function parseNetwork(text: string): { address: string; bits: number; family: 'ipv4' | 'ipv6' } | null {
  const [, address = '', prefix] = /^([\da-fA-F:.]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const version = isIP(address)
  const longest = version === 6 ? 128 : 32
  const bits = prefix === undefined ? longest : Number(prefix)
  // a network of everybody is no network
  if (version === 0 || bits < 1 || bits > longest) return null
  return { address, bits, family: version === 6 ? 'ipv6' : 'ipv4' }
}
