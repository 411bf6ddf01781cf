import { Problem } from '@/protocol/problem'

/** The body as text, read no further than the limit. Throws Problem `too-large`. */
export async function readBounded(request: Request, limitBytes: number): Promise<string> {
  if (Number(request.headers.get('content-length') ?? 0) > limitBytes) throw tooLarge(limitBytes)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.length
    if (size > limitBytes) throw tooLarge(limitBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function tooLarge(limitBytes: number): Problem {
  return new Problem({ code: 'too-large', text: `The request is longer than ${limitBytes} bytes.` })
}
