import { rotateSealingKey } from '@/core/sealing/rotate-sealing-key'
import { controlPlaneEnv } from '@/lib/env'
import { Problem } from '@/protocol/problem'

/**
 * Seals all secrets in the database with another key. Run on the server with web and control stopped and their environment, and
 * NEW_SEALING_KEY (or NEW_SEALING_KEY_FILE): npm run rotate-key. Interrupted, it is run again with the same two keys.
 */
const { sealingKey, newSealingKey } = controlPlaneEnv()
if (!newSealingKey) {
  console.error('NEW_SEALING_KEY is missing, or NEW_SEALING_KEY_FILE. Make one with: openssl rand -base64 32')
  process.exit(2)
}
try {
  const terminal = { kind: 'terminal', id: null, name: null } as const
  const { resealed, already } = await rotateSealingKey(terminal, { from: sealingKey, to: newSealingKey })
  console.log(`Sealed anew: ${resealed}. Sealed with the new key before: ${already}.`)
  console.log(
    'Next: put the new key in the place of SEALING_KEY, start web and control, and keep a copy of it elsewhere.',
  )
  console.log('The old key opens copies of the database that are older than this; keep it as long as you keep those.')
} catch (error) {
  console.error(error instanceof Problem ? `${error.message} ${error.action ?? ''}` : error)
  process.exit(1)
}
