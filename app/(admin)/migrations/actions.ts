'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { linkCommand } from '@/app/(admin)/instances/[slug]/workers/enrol-command'
import { runAction } from '@/app/run-action'
import type { ActionResult } from '@/components/form/action-result'
import { prepareMigration } from '@/core/migrations/prepare-migration'
import { revokeMigration } from '@/core/migrations/revoke-migration'
import { prepareMigrationSchema } from '@/core/migrations/schema'
import { absolutePathSchema, idSchema } from '@/protocol/names'

export type PreparedMigration = { migrationId: string; expiresAt: string; link: string; command: string }

const pathLines = z
  .string()
  .transform((text) =>
    text
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter(Boolean),
  )
  .pipe(z.array(absolutePathSchema).max(50, 'At most 50 folders.'))
/** For the command only: what the host's own policy will allow. */
const placesSchema = z.object({ sourceRoots: pathLines, localRemoteRoots: pathLines })

export async function prepareMigrationAction(
  _previous: ActionResult<PreparedMigration> | null,
  form: FormData,
): Promise<ActionResult<PreparedMigration>> {
  return runAction('administer', async (actor) => {
    const entered = Object.fromEntries(form)
    const places = placesSchema.parse(entered)
    const { way, connection } = prepareMigrationSchema.pick({ way: true, connection: true }).parse(entered)
    const { migrationId, link, expiresAt } = await prepareMigration(
      actor,
      entered as Parameters<typeof prepareMigration>[1],
    )
    const policy = { ...places, restoreRoots: [], mongodb: connection !== '', mongodbImages: [] }
    return {
      ...{ migrationId, link, expiresAt: expiresAt.toISOString() },
      command: linkCommand({ link, inPlace: way === 'inPlace', ...policy }),
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
