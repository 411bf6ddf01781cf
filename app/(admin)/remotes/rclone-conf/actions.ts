'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { runAction } from '@/app/run-action'
import type { ActionResult } from '@/components/form/action-result'
import { exportRemotes } from '@/core/remotes/export-remotes'
import { importChoicesSchema, type ImportResult, importRemotes } from '@/core/remotes/import-remotes'
import { type ImportChoice, previewImport } from '@/core/remotes/preview-import'

const textSchema = z
  .string()
  .min(1, 'Paste an rclone.conf, or choose the file.')
  .max(256 * 1024)

/** What could be imported; nothing is saved, and no secret comes back. */
export async function previewImportAction(form: FormData): Promise<ActionResult<{ choices: ImportChoice[] }>> {
  return runAction('administer', async () => ({ choices: previewImport(textSchema.parse(form.get('text'))) }))
}

export async function importRemotesAction(
  _previous: ActionResult<{ results: ImportResult[] }> | null,
  form: FormData,
): Promise<ActionResult<{ results: ImportResult[] }>> {
  return runAction('administer', async (actor) => {
    const chosen = form.getAll('chosen').map(String)
    const of = (field: string, section: string) => String(form.get(`${field}:${section}`) ?? '')
    const choices = importChoicesSchema.parse(
      chosen.map((section) => ({
        ...{ section, slug: of('slug', section), name: of('name', section), baseFolder: of('folder', section) },
        ...{ hostKey: of('hostKey', section), connectionId: of('connection', section) },
      })),
    )
    const text = textSchema.parse(form.get('text'))
    const results = await importRemotes(actor, text, choices, form.has('keptPasswords'))
    revalidatePath('/remotes')
    return { results }
  })
}

export async function exportRemotesAction(
  _previous: ActionResult<{ text: string }> | null,
  form: FormData,
): Promise<ActionResult<{ text: string }>> {
  return runAction('administer', async (actor) => {
    z.object({ understood: z.literal('on', { error: 'Tick this to go on.' }) }).parse(Object.fromEntries(form))
    return { text: await exportRemotes(actor), message: 'The file is made: keep it in a safe place.' }
  })
}
