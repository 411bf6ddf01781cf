import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'

export type ConnectProxy = { url: string; stop: () => Promise<void> }

/**
 * An HTTP proxy on loopback that leads `CONNECT name:443`, for the given names alone, to the TLS server at `tlsPort`. Whatever
 * else is asked for gets 403: nothing that uses this proxy can reach a real provider.
 */
export async function startConnectProxy(
  names: readonly string[],
  tlsPort: number,
  port: number,
): Promise<ConnectProxy> {
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
  }
  const server = createServer((_request, response) => response.writeHead(403).end())
  server.on('connection', keep)
  server.on('connect', (request, client: Socket, head) => {
    const [name, wantedPort] = (request.url ?? '').split(':')
    if (wantedPort !== '443' || !names.includes(name ?? '')) {
      client.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n')
      return
    }
    const upstream = connect(tlsPort, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      if (head.length) upstream.write(head)
      upstream.pipe(client)
      client.pipe(upstream)
    })
    keep(upstream)
    upstream.once('close', () => client.destroy())
    client.once('close', () => upstream.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
