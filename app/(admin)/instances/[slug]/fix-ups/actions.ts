'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { forgetPrefix } from '@/app/(admin)/remotes/forget-prefix'
import { runAction } from '@/app/run-action'
import type { ActionResult } from '@/components/form/action-result'
import type { ProfileInput } from '@/core/fix-up-profiles/profile-input'
import { saveProfile } from '@/core/fix-up-profiles/save-profile'

export async function saveFixUpsAction(
  slug: string,
  _previous: ActionResult | null,
  form: FormData,
): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const fields = z.record(z.string(), z.string()).parse(Object.fromEntries(form))
    const forget = Object.keys(fields)
      .filter((name) => name.startsWith(forgetPrefix))
      .map((name) => name.slice(forgetPrefix.length))
    const { database = '', ...more } = fields
    const input: ProfileInput = { database, ...more, forget }
    await saveProfile(actor, slug, input)
    revalidatePath(`/instances/${slug}/fix-ups`)
    return { message: 'Saved. Restores of other instances into this one begin with it.', href: `/instances/${slug}` }
  })
}
