import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { requestBackup } from '@/core/backups/request-backup'
import { requestRestore } from '@/core/restores/request-restore'
import { db } from '@/lib/db'
import type { DemoOptions } from './options'
import { demoActor } from './register-instance'

/** The backup to wait for: one that is there or under way, or, where there is none or with `--once`, a new one. */
export async function firstBackup(planId: string, { once }: DemoOptions): Promise<string> {
  const open = await db().backup.findFirst({ where: { planId, state: { in: ['queued', 'running'] } } })
  if (open) return open.id
  const good = await db().backup.findFirst({
    where: { planId, state: { in: ['succeeded', 'warning'] } },
    orderBy: { sequence: 'desc' },
  })
  if (good && !once) return good.id
  return (await requestBackup(demoActor, planId)).backupId
}

/** Everything beside what is there: files into a new folder, databases under renamed names. */
export async function requestScratchRestore(backupId: string, { folder }: DemoOptions): Promise<string> {
  const source = await db().source.findFirstOrThrow({ where: { kind: 'mongodb', instance: { slug: 'demo' } } })
  const { restoreId } = await requestRestore(demoActor, {
    backupId,
    folder: join(folder, 'restored', randomBytes(4).toString('hex')),
    mongodbSourceId: source.id,
    reason: 'demo',
  })
  return restoreId
}
