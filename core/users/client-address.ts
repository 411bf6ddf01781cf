/** Header under which the web process notes a request's client address; what a client sends under this name is overwritten. */
export const clientAddressHeader = 'x-talekeeper-client-address'

/**
 * The address that guesses are counted by. `trustedHops` is how many reverse proxies of ours stand in front: each appends the
 * address it saw to `X-Forwarded-For`, so all entries but the last `trustedHops` are the client's own words. Without one it is the
 * socket's address, whatever the header says.
 */
export function clientAddress(
  socketAddress: string | undefined,
  forwardedFor: string | undefined,
  trustedHops: number,
): string | null {
  const claimed = (forwardedFor ?? '').split(',').map((entry) => entry.trim())
  const chain = [...claimed, socketAddress ?? ''].filter((address) => address !== '')
  const address = chain.at(-1 - trustedHops) ?? chain[0]
  // an IPv4 client of a socket that serves both families
  return address?.replace(/^::ffff:(?=\d+\.)/, '').slice(0, 100) ?? null
}
