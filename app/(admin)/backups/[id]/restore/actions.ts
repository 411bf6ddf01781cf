'use server'

import { z } from 'zod'
import { runAction } from '@/app/run-action'
import type { ActionResult } from '@/components/form/action-result'
import { checkRestore, type RestoreCheck } from '@/core/restores/check-restore'
import { confirmRestore } from '@/core/restores/confirm-restore'
import { readDraft } from '@/core/restores/draft'
import { cancelPreview, type PreviewProgress, previewRestore } from '@/core/restores/preview-restore'
import { idSchema } from '@/protocol/names'

/** Has the target's worker look whether the restore that stands in the address can be done. */
export async function checkRestoreAction(
  _previous: ActionResult<{ check: RestoreCheck }> | null,
  form: FormData,
): Promise<ActionResult<{ check: RestoreCheck }>> {
  return runAction('operate', async (actor) => {
    const backupId = idSchema.parse(form.get('backupId'))
    const query = z.string().max(32_000).parse(form.get('query'))
    return { check: await checkRestore(actor, backupId, readDraft(new URLSearchParams(query))) }
  })
}

export async function confirmRestoreAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('operate', async (actor) => {
    const { restoreId } = await confirmRestore(actor, {
      checkId: String(form.get('checkId')),
      accepted: form.getAll('accepted').map(String),
      reason: String(form.get('reason') ?? ''),
      typedSlug: form.has('typedSlug') ? String(form.get('typedSlug')) : null,
    })
    return { message: 'The restore is requested.', href: `/restores/${restoreId}` }
  })
}

/** Begins to count what a checked restore in place would change, or tells how far that is. */
export async function previewRestoreAction(
  _previous: ActionResult<PreviewProgress> | null,
  form: FormData,
): Promise<ActionResult<PreviewProgress>> {
  return runAction('operate', (actor) => previewRestore(actor, idSchema.parse(form.get('checkId'))))
}

export async function cancelPreviewAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('operate', async (actor) => {
    await cancelPreview(actor, idSchema.parse(form.get('checkId')))
    return {}
  })
}
