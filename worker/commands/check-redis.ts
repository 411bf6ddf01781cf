import { readFileSync } from 'node:fs'
import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls, rootCertificates } from 'node:tls'
import { commonEnv } from '@/lib/env'

const answerWithinMilliseconds = 5000

/** Signs in to Redis as the worker does, and no more. Rejects with the reason in words. */
export async function checkRedis(url: string, username: string, password: string): Promise<void> {
  const socket = open(new URL(url))
  try {
    socket.write(command('AUTH', username, password))
    const answer = await firstLine(socket)
    if (!answer.startsWith('+')) throw new Error(answer.replace(/^-/, ''))
  } finally {
    socket.destroy()
  }
}

function open({ protocol, hostname, port }: URL): Socket {
  const place = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) }
  if (protocol !== 'rediss:') return connectPlain(place)
  const { extraCaFile } = commonEnv()
  const ca = extraCaFile ? { ca: [...rootCertificates, readFileSync(extraCaFile, 'utf8')] } : {}
  return connectTls({ ...place, servername: place.host, ...ca })
}

/** A command in Redis's own protocol (RESP2): an array of strings with their lengths. */
function command(...words: string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`
}

function firstLine(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    socket.setTimeout(answerWithinMilliseconds, () => reject(new Error('no answer in time')))
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the connection was closed')))
    socket.on('data', (chunk) => {
      text += chunk.toString('utf8')
      if (text.includes('\r\n') || text.length > 4096) resolve(text.split('\r\n')[0]?.slice(0, 300) ?? '')
    })
  })
}
