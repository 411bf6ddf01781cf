import { PassThrough, type Readable, type Writable } from 'node:stream'
import type { z } from 'zod'
import type { RunScope } from '@/engine/run-scope'
import type { sentAnswerSchema } from '@/protocol/worker-api'

/** Brings a stream to whoever asked for it; settles when they have taken all. `bytes` null: nobody knows how many. */
export type Send = (body: Readable, bytes: number | null) => Promise<void>
export type SentAnswer = z.infer<typeof sentAnswerSchema>

const bufferedBytes = 1024 * 1024

/** Makes bytes while they are sent. `make` ends its output; whichever fails first ends the other, and is what the scope ends with. */
export async function sendWhile(
  scope: RunScope,
  send: (body: Readable) => Promise<void>,
  make: (output: Writable) => Promise<void>,
): Promise<void> {
  const body = new PassThrough({ highWaterMark: bufferedBytes })
  body.on('error', () => {}) // whoever destroys it knows why
  const failed = (reason: unknown) => {
    scope.fail(reason)
    body.destroy(reason instanceof Error ? reason : undefined)
    throw reason
  }
  await Promise.all([make(body).catch(failed), send(body).catch(failed)])
}
