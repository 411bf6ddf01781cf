'use server'

import { z } from 'zod'
import { runAction } from '@/app/run-action'
import type { ActionResult } from '@/components/form/action-result'
import { beginIndexFetch } from '@/core/contents/fetch-index'
import { requestDownload } from '@/core/downloads/request-download'
import { idSchema } from '@/protocol/names'

/** Begins to fetch the index; /api/backups/<id>/index tells how far it is. */
export async function fetchIndexAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('view', async () => {
    beginIndexFetch(idSchema.parse(form.get('id')))
    return {}
  })
}

/** Has a worker fetch an entry; /api/downloads/<token> gives its bytes once they begin to come. */
export async function requestDownloadAction(
  _previous: ActionResult | null,
  form: FormData,
): Promise<ActionResult<{ token: string }>> {
  return runAction('operate', async (actor) => {
    const id = idSchema.parse(form.get('id'))
    return requestDownload(actor, id, z.coerce.number().int().min(1).parse(form.get('entry')))
  })
}
