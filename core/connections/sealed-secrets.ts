import { z } from 'zod'
import { type SealedPlace, seal, unseal } from '@/lib/crypto'
import { controlPlaneEnv } from '@/lib/env'

/** What a connection keeps sealed: the client secret or a service's key, the pair of tokens, and a visit's PKCE verifier. */

const secretsSchema = z.union([
  z.strictObject({ clientSecret: z.string() }),
  z.strictObject({ service: z.string(), key: z.record(z.string(), z.string()) }),
])
export type ConnectionSecrets = z.infer<typeof secretsSchema>

const tokensSchema = z.strictObject({ accessToken: z.string(), refreshToken: z.string().nullable() })
export type Tokens = z.infer<typeof tokensSchema>

export function sealSecrets(connectionId: string, secrets: ConnectionSecrets): string {
  return sealed(secrets, { table: 'Connection', row: connectionId, field: 'secrets' })
}

export function unsealSecrets({ id, secrets }: { id: string; secrets: string | null }): ConnectionSecrets | null {
  return secrets === null
    ? null
    : secretsSchema.parse(opened(secrets, { table: 'Connection', row: id, field: 'secrets' }))
}

export function sealTokens(connectionId: string, tokens: Tokens): string {
  return sealed(tokens, { table: 'Connection', row: connectionId, field: 'tokens' })
}

export function unsealTokens({ id, tokens }: { id: string; tokens: string | null }): Tokens | null {
  return tokens === null ? null : tokensSchema.parse(opened(tokens, { table: 'Connection', row: id, field: 'tokens' }))
}

export function sealVerifier(attemptId: string, verifier: string): string {
  return sealed(verifier, { table: 'ConnectAttempt', row: attemptId, field: 'verifier' })
}

export function unsealVerifier({ id, verifier }: { id: string; verifier: string | null }): string | null {
  if (verifier === null) return null
  return z.string().parse(opened(verifier, { table: 'ConnectAttempt', row: id, field: 'verifier' }))
}

function sealed(value: unknown, place: SealedPlace): string {
  return seal(JSON.stringify(value), place, controlPlaneEnv().sealingKey)
}

function opened(text: string, place: SealedPlace): unknown {
  return JSON.parse(unseal(text, place, controlPlaneEnv().sealingKey))
}
