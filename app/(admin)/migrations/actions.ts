'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { linkCommand } from '@/app/(admin)/instances/[slug]/workers/enrol-command'
import { pathLines } from '@/app/path-lines'
import { runAction } from '@/app/run-action'
import type { ActionResult } from '@/components/form/action-result'
import { prepareMigration } from '@/core/migrations/prepare-migration'
import { revokeMigration } from '@/core/migrations/revoke-migration'
import { prepareMigrationSchema } from '@/core/migrations/schema'
import { idSchema } from '@/protocol/names'

export type PreparedMigration = { migrationId: string; expiresAt: string; link: string; command: string }

/** For the command only: what the host's own policy will allow. */
const placesSchema = z.object({ sourceRoots: pathLines, localRemoteRoots: pathLines })

export async function prepareMigrationAction(
  _previous: ActionResult<PreparedMigration> | null,
  form: FormData,
): Promise<ActionResult<PreparedMigration>> {
  return runAction('administer', async (actor) => {
    const entered = Object.fromEntries(form)
    const places = placesSchema.parse(entered)
    const wanted = prepareMigrationSchema.parse(entered)
    const { migrationId, link, expiresAt } = await prepareMigration(actor, wanted)
    const policy = { ...places, restoreRoots: [], mongodb: wanted.connection !== '', mongodbImages: [] }
    return {
      ...{ migrationId, link, expiresAt: expiresAt.toISOString() },
      command: linkCommand({ link, inPlace: wanted.way === 'inPlace', ...policy }),
    }
  })
}

export async function revokeMigrationAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const id = idSchema.parse(form.get('id'))
    await revokeMigration(actor, id)
    revalidatePath(`/migrations/${id}`)
    return { message: 'The link is withdrawn.' }
  })
}
