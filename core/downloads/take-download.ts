import type { Actor } from '@/core/audit/actor'
import { Problem } from '@/protocol/problem'
import { findDownload } from './open-downloads'

/** The bytes behind a link, once. Throws Problem `download-not-found`, or why there are none. */
export function takeDownload(
  actor: Actor,
  token: string,
): { fileName: string; bytes: number | null; body: ReadableStream<Uint8Array> } {
  const { fileName, bytes, take, problem } = findDownload(token, actor.id)
  if (problem) throw new Problem(problem)
  if (take) return { fileName, bytes, body: take() }
  throw new Problem({
    code: 'download-not-ready',
    text: 'This link was followed already, or its first bytes have not arrived yet.',
    action: 'Each link can be followed once. Ask for the download again.',
  })
}
