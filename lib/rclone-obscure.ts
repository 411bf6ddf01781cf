import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/**
 * rclone's own scrambling of passwords in its configuration file (fs/config/obscure/obscure.go): AES-256-CTR under a key that
 * everybody knows. It only hides passwords from a glance, and must not be taken for encryption.
 */
const key = Buffer.from('9c935b48730a554d6bfd7c63c886a92bd390198eb8128afbf4de162b8b95f638', 'hex')
const vectorBytes = 16

export function obscure(secret: string): string {
  const vector = randomBytes(vectorBytes)
  const cipher = createCipheriv('aes-256-ctr', key, vector)
  return Buffer.concat([vector, cipher.update(secret, 'utf8'), cipher.final()]).toString('base64url')
}

/** null: this was not made by rclone. */
export function reveal(obscured: string): string | null {
  if (!/^[A-Za-z0-9_-]+$/.test(obscured)) return null
  const bytes = Buffer.from(obscured, 'base64url')
  if (bytes.length < vectorBytes) return null
  const decipher = createDecipheriv('aes-256-ctr', key, bytes.subarray(0, vectorBytes))
  const revealed = Buffer.concat([decipher.update(bytes.subarray(vectorBytes)), decipher.final()])
  const text = revealed.toString('utf8')
  return Buffer.from(text, 'utf8').equals(revealed) ? text : null
}
