'use server'

import { revalidatePath } from 'next/cache'
import { runAction } from '@/app/run-action'
import type { ActionResult } from '@/components/form/action-result'
import { applyCoverageFix } from '@/core/sources/apply-coverage-fix'
import { checkSource } from '@/core/sources/check-source'
import { coverageFixSchema } from '@/core/sources/coverage-rules'
import { createSource } from '@/core/sources/create-source'
import { deleteSource } from '@/core/sources/delete-source'
import { type Discovery, discoverSource } from '@/core/sources/discover-source'
import { createSourceSchema, updateSourceSchema } from '@/core/sources/schema'
import { updateSource } from '@/core/sources/update-source'

export type CheckedSource = { facts: Record<string, string> }

export async function createSourceAction(
  instanceSlug: string,
  _previous: ActionResult | null,
  form: FormData,
): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const input = createSourceSchema.parse(Object.fromEntries(form))
    await createSource(actor, instanceSlug, input)
    revalidatePath('/', 'layout')
    return {
      message: `${input.slug} is added. Check it now.`,
      href: `/instances/${instanceSlug}/sources/${input.slug}`,
    }
  })
}

export async function updateSourceAction(
  instanceSlug: string,
  slug: string,
  _previous: ActionResult | null,
  form: FormData,
): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    await updateSource(actor, instanceSlug, slug, updateSourceSchema.parse(Object.fromEntries(form)))
    revalidatePath('/', 'layout')
    return { message: 'Saved.' }
  })
}

export async function deleteSourceAction(
  instanceSlug: string,
  slug: string,
  _previous: ActionResult | null,
  _form: FormData,
): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    await deleteSource(actor, instanceSlug, slug)
    // nothing is revalidated: the page it was on is gone, and must not be drawn once more before the browser leaves it
    return { message: `${slug} is removed.`, href: `/instances/${instanceSlug}` }
  })
}

export async function checkSourceAction(
  instanceSlug: string,
  slug: string,
  _previous: ActionResult<CheckedSource> | null,
  _form: FormData,
): Promise<ActionResult<CheckedSource>> {
  return runAction('operate', async () => ({ facts: await checkSource(instanceSlug, slug) }))
}

export async function discoverSourceAction(
  instanceSlug: string,
  slug: string,
  _previous: ActionResult<{ discovery: Discovery }> | null,
  _form: FormData,
): Promise<ActionResult<{ discovery: Discovery }>> {
  return runAction('operate', async () => ({ discovery: await discoverSource(instanceSlug, slug) }))
}

export async function applyCoverageFixAction(
  instanceSlug: string,
  _previous: ActionResult | null,
  form: FormData,
): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const message = await applyCoverageFix(actor, instanceSlug, coverageFixSchema.parse(Object.fromEntries(form)))
    revalidatePath('/', 'layout')
    return { message }
  })
}
