'use server'

import { redirect } from 'next/navigation'
import { answerAction } from '@/app/run-action'
import { startSessionOrThrow } from '@/app/start-session'
import { currentVisitor } from '@/app/visitor'
import type { ActionResult } from '@/components/form/action-result'
import { createFirstAdministrator, recoverAdministrator } from '@/core/users/redeem-sign-in-link'
import { firstRunSchema, recoverySchema } from '@/core/users/schema'

export async function createAdministratorAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return answerAction(async () => {
    const input = firstRunSchema.parse(Object.fromEntries(form))
    await startSessionOrThrow(await createFirstAdministrator(tokenOf(form), input, await currentVisitor()))
    redirect('/')
  })
}

export async function recoverAdministratorAction(
  _previous: ActionResult | null,
  form: FormData,
): Promise<ActionResult> {
  return answerAction(async () => {
    const input = recoverySchema.parse(Object.fromEntries(form))
    await startSessionOrThrow(await recoverAdministrator(tokenOf(form), input, await currentVisitor()))
    redirect('/')
  })
}

function tokenOf(form: FormData): string {
  return form.get('token')?.toString().slice(0, 200) ?? ''
}
