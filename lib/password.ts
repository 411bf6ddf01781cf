import { hash, verify } from '@node-rs/argon2'

/** argon2id at OWASP's memory-saving setting; each takes tens of milliseconds and 19 MiB. */
const settings = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Fits no password: compared with when an account does not exist, so that the answer takes as long. */
const nobodysHash = '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'

export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), settings)
}

/** False for a wrong password; and, as slowly, for no account (null). */
export async function isPasswordOf(passwordHash: string | null, password: string): Promise<boolean> {
  const right = await verify(passwordHash || nobodysHash, password.normalize('NFKC'))
  return right && Boolean(passwordHash)
}
