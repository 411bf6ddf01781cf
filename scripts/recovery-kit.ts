import { readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { importRecoveryKit } from '@/core/recovery-kit/import-recovery-kit'
import { makeRecoveryKit } from '@/core/recovery-kit/make-recovery-kit'
import { ensureSigningKey } from '@/core/signing/ensure-signing-key'
import { Problem } from '@/protocol/problem'

/**
 * Makes a recovery kit, or takes one into this dashboard. Run on the server, with the environment of the web process:
 * npm run recovery-kit -- export FILE, or import FILE. The passphrase is asked for, or read as the first line of stdin.
 */
const terminal = { kind: 'terminal', id: null, name: null } as const
const [command, file] = process.argv.slice(2)
if ((command !== 'export' && command !== 'import') || !file) {
  console.error('Usage: npm run recovery-kit -- export FILE\n       npm run recovery-kit -- import FILE')
  process.exit(2)
}
try {
  await (command === 'export' ? exportKit(file) : importKit(file))
} catch (error) {
  console.error(error instanceof Problem ? `${error.message} ${error.action ?? ''}` : String(error))
  process.exit(1)
}

async function exportKit(path: string): Promise<void> {
  await ensureSigningKey()
  const passphrase = await askPassphrase('Passphrase for the kit (at least 12 characters): ')
  const { text } = await makeRecoveryKit(terminal, passphrase)
  writeFileSync(path, text, { mode: 0o600, flag: 'wx' })
  console.log(`The kit is in ${path}. Keep it away from this server, and its passphrase away from it.`)
}

async function importKit(path: string): Promise<void> {
  const text = readFileSync(path, 'utf8')
  const { keys, instances } = await importRecoveryKit(terminal, text, await askPassphrase('Passphrase of the kit: '))
  console.log(`Signing keys: ${keys.added} taken, ${keys.known} known already.`)
  console.log(`Instances: ${instances.added.join(', ') || 'none'} taken, ${instances.known.length} known already.`)
  console.log('Next: enrol workers, add the remotes, and on the page of each remote choose “Look there”.')
}

/** Nothing typed is shown. */
async function askPassphrase(question: string): Promise<string> {
  const { isTTY } = process.stdin
  if (isTTY) process.stderr.write(question)
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
