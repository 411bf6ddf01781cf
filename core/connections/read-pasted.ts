import { z } from 'zod'

/** What a person pastes: the output of `rclone authorize`, or the address that the provider sent the browser to. */
export type Pasted =
  | { kind: 'token'; refreshToken: string }
  | { kind: 'address'; state: string | null; code: string | null; error: string | null }

const tokenSchema = z.object({ refresh_token: z.string().min(1).max(16_384) })
const wrappedSchema = z.object({ token: z.string() })

/**
 * `rclone authorize` prints a token as JSON, or (for a command line that a remote's own rclone made) a base64 blob of JSON that
 * holds it, between lines of arrows. Null: neither that nor an address.
 */
export function readPasted(text: string): Pasted | null {
  const trimmed = text.trim()
  if (/^https?:\/\/\S+$/.test(trimmed)) return readAddress(trimmed)
  const body = trimmed
    .split(/\r?\n/)
    .filter((line) => !/--->|<---/.test(line))
    .join('\n')
    .trim()
  const token = tokenIn(json(body)) ?? tokenIn(json(Buffer.from(body.replace(/\s/g, ''), 'base64').toString('utf8')))
  return token ? { kind: 'token', refreshToken: token } : null
}

function tokenIn(value: unknown): string | null {
  const wrapped = wrappedSchema.safeParse(value)
  const token = tokenSchema.safeParse(wrapped.success ? json(wrapped.data.token) : value)
  return token.success ? token.data.refresh_token : null
}

function readAddress(text: string): Pasted | null {
  if (!URL.canParse(text)) return null
  const { searchParams } = new URL(text)
  const [state, code, error] = ['state', 'code', 'error'].map((name) => searchParams.get(name))
  if (!code && !error) return null
  return { kind: 'address', state: state ?? null, code: code ?? null, error: error ?? null }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
