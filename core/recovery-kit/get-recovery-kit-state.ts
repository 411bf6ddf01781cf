import { z } from 'zod'
import { db } from '@/lib/db'

export type RecoveryKitState = {
  /** of the newest kit; null: none was ever made */
  madeAt: Date | null
  /** it has every key that signs or signed manifests: what is needed to rebuild */
  isComplete: boolean
  /** names of instances registered since: the remotes know their ids too, yet a new kit is better */
  newInstances: string[]
}

const idsSchema = z.array(z.string()).catch([])

/** Whether there is a recovery kit that a lost dashboard could be rebuilt from. */
export async function getRecoveryKitState(): Promise<RecoveryKitState> {
  const [kit, keys, instances] = await Promise.all([
    db().recoveryKit.findFirst({ orderBy: { madeAt: 'desc' } }),
    db().signingKey.findMany({ select: { id: true } }),
    db().instance.findMany({ select: { id: true, name: true }, orderBy: { name: 'asc' } }),
  ])
  const keyIds = idsSchema.parse(kit?.signingKeyIds)
  const instanceIds = idsSchema.parse(kit?.instanceIds)
  return {
    madeAt: kit?.madeAt ?? null,
    isComplete: kit !== null && keys.every(({ id }) => keyIds.includes(id)),
    newInstances: kit ? instances.filter(({ id }) => !instanceIds.includes(id)).map(({ name }) => name) : [],
  }
}
