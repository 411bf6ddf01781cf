'use server'

import { revalidatePath } from 'next/cache'
import { runAction } from '@/app/run-action'
import type { ActionResult } from '@/components/form/action-result'
import { changePassword } from '@/core/users/change-password'
import { revokeSession } from '@/core/users/revoke-session'
import { changePasswordSchema } from '@/core/users/schema'
import { currentSession } from '@/lib/auth'
import { idSchema } from '@/protocol/names'

export async function changePasswordAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('view', async (actor) => {
    const input = changePasswordSchema.parse(Object.fromEntries(form))
    const session = await currentSession()
    await changePassword(actor, input, session?.sessionId ?? '')
    revalidatePath('/account')
    return { message: 'The password is changed. All other sessions are ended.' }
  })
}

export async function revokeSessionAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('view', async (actor) => {
    await revokeSession(actor, { sessionId: idSchema.parse(form.get('sessionId')) })
    revalidatePath('/account')
    return { message: 'The session is ended.' }
  })
}
