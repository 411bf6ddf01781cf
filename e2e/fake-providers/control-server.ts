import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import type { FakeControl } from './control'

const argumentsSchema = z.array(z.unknown())

/** Offers a FakeControl to other processes on loopback: `POST /<method>` with its arguments as a JSON list. */
export async function startControlServer(
  control: FakeControl,
  port: number,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const server = createServer(async (request, response) => {
    try {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const given = argumentsSchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')))
      const name = (request.url ?? '').slice(1)
      const method: unknown = Reflect.get(control, name)
      if (request.method !== 'POST' || typeof method !== 'function') throw new Error(`there is no ${name}`)
      const answer: unknown = await Reflect.apply(method, control, given)
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? null))
    } catch (error) {
      response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: String(error) }))
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
