import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { control } from '@/core/audit/actor'
import { ensureSigningKey } from '@/core/signing/ensure-signing-key'
import { listSigningKeys } from '@/core/signing/list-signing-keys'
import { signManifest } from '@/core/signing/sign-manifest'
import { isSignedBy } from '@/lib/crypto'
import type { Db } from '@/lib/db'
import { openTestDatabase } from '@/scripts/test-database'
import { createInstance } from '@/scripts/test-rows'
import { getRecoveryKitState } from './get-recovery-kit-state'
import { importRecoveryKit } from './import-recovery-kit'
import { makeRecoveryKit } from './make-recovery-kit'

const passphrase = 'correct horse battery staple'
let db: Db
let close: () => Promise<void>

beforeAll(async () => {
  const opened = await openTestDatabase()
  db = opened.db
  close = opened.close
})
afterAll(() => close())
beforeEach(async () => {
  await forgetAll()
  await ensureSigningKey()
})

async function forgetAll() {
  await db.instance.deleteMany()
  await db.signingKey.deleteMany()
  await db.recoveryKit.deleteMany()
}

describe('a recovery kit', () => {
  test('promise: brings keys and instances back into an empty database, and what they signed is known again', async () => {
    const { id, slug } = await createInstance(db)
    const signature = await signManifest(db, 'manifest')
    const { text } = await makeRecoveryKit(control, passphrase)
    await forgetAll()
    await ensureSigningKey()
    expect(await importRecoveryKit(control, text, passphrase)).toEqual({
      keys: { added: 1, known: 0 },
      instances: { added: [slug], known: [] },
    })
    expect(await db.instance.findFirst()).toMatchObject({ id, slug })
    const keys = await listSigningKeys()
    expect(keys.filter((key) => isSignedBy(Buffer.from('manifest'), signature, key))).toHaveLength(1)
    expect(await importRecoveryKit(control, text, passphrase)).toMatchObject({ keys: { added: 0, known: 1 } })
  })

  test('tells what it is in plain words, and no secret without its passphrase', async () => {
    const { slug, id } = await createInstance(db)
    const { text } = await makeRecoveryKit(control, passphrase)
    expect(text).toContain(slug)
    expect(text).toContain(id)
    expect(text).not.toContain('PRIVATE KEY')
    await expect(importRecoveryKit(control, text, `${passphrase}.`)).rejects.toMatchObject({ code: 'wrong-passphrase' })
    const cut = text.slice(0, text.indexOf('-----END'))
    await expect(importRecoveryKit(control, cut, passphrase)).rejects.toMatchObject({ code: 'not-a-kit' })
    const altered = text.replace(/(\n[\w.-]{20})[\w-]/, '$1_')
    await expect(importRecoveryKit(control, altered, passphrase)).rejects.toMatchObject({
      code: expect.stringMatching(/wrong-passphrase|not-a-kit/),
    })
  })

  test('is refused as a whole where an instance of that slug has another id', async () => {
    const { slug } = await createInstance(db)
    const { text } = await makeRecoveryKit(control, passphrase)
    await forgetAll()
    await createInstance(db, { slug })
    await expect(importRecoveryKit(control, text, passphrase)).rejects.toMatchObject({ code: 'instance-differs' })
    expect(await db.signingKey.count()).toBe(0)
  })

  test('counts as made while it holds every signing key; instances registered since are named', async () => {
    expect(await getRecoveryKitState()).toMatchObject({ madeAt: null, isComplete: false })
    await makeRecoveryKit(control, passphrase)
    const { name } = await createInstance(db)
    expect(await getRecoveryKitState()).toMatchObject({ isComplete: true, newInstances: [name] })
    await db.signingKey.updateMany({ data: { retiredAt: new Date() } })
    await ensureSigningKey()
    expect(await getRecoveryKitState()).toMatchObject({ isComplete: false })
  })

  test('needs a passphrase that is worth its name', async () => {
    await expect(makeRecoveryKit(control, 'short')).rejects.toThrow(/at least 12/)
  })
})
