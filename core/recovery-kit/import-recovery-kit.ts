import { randomUUID } from 'node:crypto'
import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { signingKeyPlace } from '@/core/signing/sign-manifest'
import { seal } from '@/lib/crypto'
import { db, type Transaction } from '@/lib/db'
import { controlPlaneEnv } from '@/lib/env'
import { Problem } from '@/protocol/problem'
import type { Kit } from '@/protocol/recovery-kit'
import { readKit } from './kit-format'

export type ImportedKit = { keys: { added: number; known: number }; instances: { added: string[]; known: string[] } }

/**
 * Takes what a recovery kit holds into this dashboard: signing keys, by which backups on remotes are known as ours, and instances
 * under their old ids. What is there already stays as it is. Throws Problem `not-a-kit`, `wrong-passphrase`,
 * `instance-differs`; then nothing was taken.
 */
export async function importRecoveryKit(actor: Actor, text: string, passphrase: string): Promise<ImportedKit> {
  const kit = await readKit(text, passphrase)
  return db().$transaction(async (transaction) => {
    const keys = await takeKeys(transaction, kit)
    const instances = await takeInstances(transaction, kit)
    await recordAuditEvent(transaction, {
      actor,
      action: 'recovery-kit.import',
      subject: { kind: 'recovery-kit', id: kit.madeAt },
      detail: { keys: keys.added, instances: instances.added },
    })
    return { keys, instances }
  })
}

async function takeKeys(transaction: Transaction, kit: Kit): Promise<ImportedKit['keys']> {
  const counts = { added: 0, known: 0 }
  for (const { publicKey, privateKey, createdAt, retiredAt } of kit.signingKeys) {
    if (await transaction.signingKey.findFirst({ where: { publicKey } })) {
      counts.known++
      continue
    }
    const id = randomUUID()
    const sealed = seal(privateKey, signingKeyPlace(id), controlPlaneEnv().sealingKey)
    await transaction.signingKey.create({ data: { id, publicKey, privateKey: sealed, createdAt, retiredAt } })
    counts.added++
  }
  return counts
}

async function takeInstances(transaction: Transaction, kit: Kit): Promise<ImportedKit['instances']> {
  const found: ImportedKit['instances'] = { added: [], known: [] }
  for (const { id, slug, name, environment } of kit.instances) {
    const namesake = await transaction.instance.findFirst({ where: { OR: [{ id }, { slug }] } })
    if (namesake && namesake.id !== id)
      throw new Problem({
        code: 'instance-differs',
        text: `The instance “${slug}” is registered here under another id than in the kit, so that its backups would be refused.`,
        action: `Delete the instance “${slug}” here first, then import the kit again. Nothing was imported.`,
      })
    if (namesake) found.known.push(slug)
    else {
      await transaction.instance.create({ data: { id, slug, name, environment } })
      found.added.push(slug)
    }
  }
  return found
}
