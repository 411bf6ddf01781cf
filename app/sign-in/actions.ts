'use server'

import { redirect } from 'next/navigation'
import { answerAction } from '@/app/run-action'
import { startSessionOrThrow } from '@/app/start-session'
import { currentVisitor } from '@/app/visitor'
import type { ActionResult } from '@/components/form/action-result'
import { signInSchema } from '@/core/users/schema'
import { signIn } from '@/core/users/sign-in'
import { safeNextPath } from './safe-next-path'

export async function signInAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return answerAction(async () => {
    const input = signInSchema.parse(Object.fromEntries(form))
    await startSessionOrThrow(await signIn(input, await currentVisitor()))
    redirect(safeNextPath(form.get('next')?.toString()))
  })
}
