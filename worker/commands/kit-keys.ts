import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { keyOfPassphrase, unseal } from '@/lib/crypto'
import { kitPlace, readKitText } from '@/protocol/recovery-kit'
import { readNamedFile } from './read-file'

/** The public keys of a recovery kit, which tell the backups of its dashboard from forged ones. Asks for the passphrase. */
export async function readKitKeys(file: string): Promise<string[]> {
  const text = readNamedFile(file, '--recovery-kit')
  const passphrase = await askPassphrase()
  const open = async (salt: Buffer, sealed: string) => unseal(sealed, kitPlace, await keyOfPassphrase(passphrase, salt))
  const { signingKeys } = await readKitText(text, open)
  return signingKeys.map(({ publicKey }) => publicKey)
}

/** From the terminal, nothing typed being shown, or the first line of stdin. */
async function askPassphrase(): Promise<string> {
  const { isTTY } = process.stdin
  if (isTTY) process.stderr.write('Passphrase of the recovery kit: ')
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: silent, terminal: isTTY })
  try {
    for await (const line of lines) return line
    return ''
  } finally {
    lines.close()
    if (isTTY) process.stderr.write('\n')
  }
}
