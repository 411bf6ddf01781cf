import { createServer, type Server, type Socket } from 'node:net'
import { type Document, deserialize, serialize } from 'bson'

/**
 * A stub of the wire protocol for tests, used for nothing else: servers that want a password, are too old, or end the connection
 * cannot be had otherwise. `answer` gets each command and gives the reply's document, or null to end the connection.
 */
export async function startWireStub(
  answer: (command: Document) => Document | null,
): Promise<{ port: number; stop: () => Promise<void> }> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    let buffer = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (chunk) => {
      buffer = Buffer.concat([buffer, chunk])
      while (buffer.length >= 16 && buffer.length >= buffer.readInt32LE(0)) {
        const message = buffer.subarray(0, buffer.readInt32LE(0))
        buffer = buffer.subarray(message.length)
        const reply = replyTo(message, answer)
        if (reply) socket.write(reply)
        else socket.destroy()
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    stop: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

const opReply = 1
const opQuery = 2004
const opMessage = 2013

function replyTo(message: Buffer, answer: (command: Document) => Document | null): Buffer | null {
  const requestId = message.readInt32LE(4)
  if (message.readInt32LE(12) === opQuery) {
    const nameEnd = message.indexOf(0, 20)
    const reply = answer(deserialize(message.subarray(nameEnd + 9)))
    const fields = Buffer.alloc(20)
    fields.writeInt32LE(1, 16)
    return reply && frame(opReply, requestId, Buffer.concat([fields, serialize(reply)]))
  }
  const reply = answer(deserialize(message.subarray(21)))
  return reply && frame(opMessage, requestId, Buffer.concat([Buffer.alloc(5), serialize(reply)]))
}

function frame(operation: number, responseTo: number, body: Buffer): Buffer {
  const header = Buffer.alloc(16)
  header.writeInt32LE(16 + body.length, 0)
  header.writeInt32LE(responseTo, 8)
  header.writeInt32LE(operation, 12)
  return Buffer.concat([header, body])
}
