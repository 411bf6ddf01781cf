'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { runAction } from '@/app/run-action'
import type { ActionResult } from '@/components/form/action-result'
import { passphraseSchema } from '@/core/recovery-kit/kit-format'
import { makeRecoveryKit } from '@/core/recovery-kit/make-recovery-kit'

const kitFormSchema = z
  .object({ passphrase: passphraseSchema, passphraseAgain: z.string() })
  .refine((form) => form.passphrase === form.passphraseAgain, {
    path: ['passphraseAgain'],
    message: 'The two passphrases differ.',
  })

/** The kit goes to the browser that asked for it, and is kept nowhere else. */
export async function makeRecoveryKitAction(
  _previous: ActionResult<{ kit: { name: string; text: string } }> | null,
  form: FormData,
): Promise<ActionResult<{ kit: { name: string; text: string } }>> {
  return runAction('administer', async (actor) => {
    const { passphrase } = kitFormSchema.parse(Object.fromEntries(form))
    const kit = await makeRecoveryKit(actor, passphrase)
    revalidatePath('/recovery-kit')
    return { kit, message: 'The kit is made: put the file and its passphrase in two safe places.' }
  })
}
