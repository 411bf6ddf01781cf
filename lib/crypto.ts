import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  scrypt,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto'

/**
 * Sealed secrets: AES-256-GCM, written `v1.<key id>.<nonce>.<tag>.<ciphertext>` in base64url. Where the secret stands (table,
 * row, field) is associated data, so that a sealed value cannot be moved to another place.
 */
export type SealedPlace = { table: string; row: string; field: string }

export function seal(plain: string, place: SealedPlace, key: Buffer): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(associatedData(place))
  const ciphertext = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  return ['v1', keyId(key), ...[nonce, cipher.getAuthTag(), ciphertext].map((part) => part.toString('base64url'))].join(
    '.',
  )
}

/** Throws when the value was altered, moved, or sealed with another key. */
export function unseal(sealed: string, place: SealedPlace, key: Buffer): string {
  const [version, sealedKeyId, nonce, tag, ciphertext, ...rest] = sealed.split('.')
  if (version !== 'v1' || !nonce || !tag || ciphertext === undefined || rest.length)
    throw new Error('not a sealed value')
  if (sealedKeyId !== keyId(key))
    throw new Error(`sealed with another key (${sealedKeyId}); the sealing key here is ${keyId(key)}`)
  // a shorter tag would be accepted otherwise, and is far easier to guess
  const decipher = createDecipheriv('aes-256-gcm', key, exactBytes(nonce), { authTagLength: 16 })
  decipher.setAAD(associatedData(place))
  decipher.setAuthTag(exactBytes(tag))
  return Buffer.concat([decipher.update(exactBytes(ciphertext)), decipher.final()]).toString('utf8')
}

/** Out of base64url, which has several spellings for some bytes: only the one that `seal` writes is taken. */
function exactBytes(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.toString('base64url') !== text) throw new Error('not a sealed value')
  return bytes
}

/** Which key a sealed value was sealed with; null where it is none. */
export function sealedKeyId(sealed: string): string | null {
  return /^v1\.([0-9a-f]{8})\./.exec(sealed)?.[1] ?? null
}

/** Tells keys apart without telling anything of them. */
export function keyId(key: Buffer): string {
  return createHash('sha256').update('talekeeper key id').update(key).digest('hex').slice(0, 8)
}

function associatedData({ table, row, field }: SealedPlace): Buffer {
  return Buffer.from(JSON.stringify([table, row, field]))
}

/** A sealing key out of a passphrase (scrypt, 64 MiB and about a fifth of a second a guess). The salt is kept beside what it seals. */
export function keyOfPassphrase(passphrase: string, salt: Buffer): Promise<Buffer> {
  const cost = { N: 2 ** 16, r: 8, p: 1, maxmem: 128 * 1024 * 1024 }
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, 32, cost, (error, key) => (error ? reject(error) : resolve(key)))
  })
}

export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

/** What only those can make who have the key. */
export function hmacSha256Hex(key: string, data: string): string {
  return createHmac('sha256', key).update(data).digest('hex')
}

/** Whether two secrets are the same, in a time that tells nothing of where they differ. */
export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(createHash('sha256').update(one).digest(), createHash('sha256').update(other).digest())
}

/** A random token of 256 bits, safe in URLs. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url')
}

/** A new Ed25519 pair, both in PEM. */
export function makeSigningKey(): { publicKey: string; privateKey: string } {
  const pair = generateKeyPairSync('ed25519')
  return {
    publicKey: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privateKey: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

/** Ed25519 signature in base64. */
export function signBytes(data: Uint8Array, privateKeyPem: string): string {
  return sign(null, data, createPrivateKey(privateKeyPem)).toString('base64')
}

export function isSignedBy(data: Uint8Array, signature: string, publicKeyPem: string): boolean {
  try {
    return verify(null, data, createPublicKey(publicKeyPem), Buffer.from(signature, 'base64'))
  } catch {
    return false
  }
}
