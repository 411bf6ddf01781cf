import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { keyOfPassphrase, seal, unseal } from '@/lib/crypto'
import { type Kit, kitFences, kitPlace, readKitText } from '@/protocol/recovery-kit'

export const passphraseSchema = z
  .string()
  .min(12, 'Use at least 12 characters: a few unrelated words are good.')
  .max(200, 'Use at most 200 characters.')

/** The text to keep: what it is and what it is for in plain words, and the content sealed with the passphrase. */
export async function writeKit(kit: Kit, passphrase: string): Promise<string> {
  const salt = randomBytes(16)
  const sealed = seal(JSON.stringify(kit), kitPlace, await keyOfPassphrase(passphrase, salt))
  const lines = `${salt.toString('base64url')}.${sealed}`.match(/.{1,76}/g) ?? []
  return [...plainWords(kit), kitFences.begin, ...lines, kitFences.end, ''].join('\n')
}

function plainWords(kit: Kit): string[] {
  return [
    'Talekeeper recovery kit',
    '',
    `Made ${kit.madeAt} by ${kit.publicUrl}`,
    'With this file, its passphrase and the remotes, a lost dashboard is rebuilt:',
    '  npm run recovery-kit -- import FILE        (docs/operations.md, "Rebuild a lost dashboard")',
    'and backups are restored without any dashboard (docs/disaster-recovery.md).',
    'Keep it away from the server and from the remotes, and its passphrase away from it.',
    `The sealing key (its id: ${kit.sealingKeyId}) is not in here: keep a copy of SEALING_KEY beside the database's.`,
    '',
    'Instances:',
    ...kit.instances.map(({ slug, id }) => `  ${slug.padEnd(40)}  ${id}`),
    '',
  ]
}

/** The content of a kit. Throws Problem `not-a-kit`, `wrong-passphrase`. */
export function readKit(text: string, passphrase: string): Promise<Kit> {
  return readKitText(text, async (salt, sealed) => unseal(sealed, kitPlace, await keyOfPassphrase(passphrase, salt)))
}
