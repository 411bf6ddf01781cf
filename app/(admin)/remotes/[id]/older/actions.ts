'use server'

import { runAction } from '@/app/run-action'
import type { ActionResult } from '@/components/form/action-result'
import { requestOlderRestore } from '@/core/restores/request-older-restore'

export async function requestOlderRestoreAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('operate', async (actor) => {
    const of = (name: string) => String(form.get(name) ?? '')
    const orNull = (name: string) => (form.has(name) ? of(name) : null)
    const { restoreId } = await requestOlderRestore(actor, {
      ...{ remoteId: of('remoteId'), instanceSlug: of('instanceSlug'), day: of('day'), name: of('name') },
      ...{ workerId: of('workerId'), folder: orNull('folder'), mongodbSourceId: orNull('mongodbSourceId') },
      ...{ reason: of('reason'), accepted: form.getAll('accepted').map(String), typedSlug: orNull('typedSlug') },
    })
    return { message: 'The restore is requested.', href: `/restores/${restoreId}` }
  })
}
