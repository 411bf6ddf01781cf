import { sealSecrets, sealTokens } from '@/core/connections/sealed-secrets'
import type { Db, Prisma } from '@/lib/db'
import { steadyNow } from '@/lib/steady-clock'
import type { FakeControl } from '@/e2e/fake-providers/control'
import { createRemote } from './test-rows'
import { createScene } from './test-scene'

let count = 0

/** A Box connection with a fresh pair of the fake Box, as a finished sign-in leaves it. */
export async function createBoxConnection(
  db: Db,
  fake: Pick<FakeControl, 'addApp' | 'mint'>,
  overrides: Partial<Prisma.ConnectionUncheckedCreateInput> = {},
) {
  const app = fake.addApp('box')
  const minted = fake.mint('box', app.clientId)
  const slug = `box-${++count}`
  const { id } = await db.connection.create({
    data: { slug, name: `Box ${count}`, provider: 'box', method: 'web', settings: {}, clientId: app.clientId },
  })
  const steady = steadyNow()
  await db.connection.update({
    where: { id },
    data: {
      ...{ state: 'connected', secrets: sealSecrets(id, { clientSecret: app.clientSecret }), tokenVersion: 1 },
      tokens: sealTokens(id, { accessToken: minted.accessToken, refreshToken: minted.refreshToken }),
      ...{ tokenAt: new Date(), tokenBootId: steady.bootId, tokenSteadySeconds: steady.seconds },
      ...{ tokenLifetimeSeconds: minted.expiresInSeconds, refreshedAt: new Date() },
      ...{ diesAt: new Date(Date.now() + 60 * 86_400_000) },
      ...overrides,
    },
  })
  return { id, app, minted }
}

/** An instance whose plan writes to a Box remote of this connection. */
export async function createBoxScene(db: Db, connectionId: string) {
  const scene = await createScene(db)
  const remote = await createRemote(db, { backend: 'box', connectionId, baseFolder: 'WT' })
  await db.planTarget.updateMany({ where: { planId: scene.plan.id }, data: { remoteId: remote.id } })
  return { ...scene, remote }
}
