import { expect, test } from 'vitest'
import { clientAddress } from './client-address'

/** Promise: nobody picks the address that their guesses are counted by. */
test.each([
  ['without a proxy the socket counts, whatever is claimed', '192.0.2.1', '10.0.0.1, 10.0.0.2', 0, '192.0.2.1'],
  ['behind one proxy, what it appended', '127.0.0.1', '10.0.0.1, 192.0.2.7', 1, '192.0.2.7'],
  ['behind two, what the outer one appended', '127.0.0.1', 'forged, 192.0.2.7, 10.0.0.2', 2, '192.0.2.7'],
  ['a chain shorter than promised ends at its first', '127.0.0.1', '192.0.2.7', 3, '192.0.2.7'],
  ['a request past the proxy', '192.0.2.9', undefined, 1, '192.0.2.9'],
  ['IPv4 on a socket for both families', '::ffff:192.0.2.1', undefined, 0, '192.0.2.1'],
  ['IPv6', '2001:db8::1', undefined, 0, '2001:db8::1'],
  ['a socket that is closed already', undefined, undefined, 0, null],
])('%s', (_name, socket, forwarded, hops, address) => {
  expect(clientAddress(socket, forwarded, hops)).toBe(address)
})
