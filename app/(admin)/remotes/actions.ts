'use server'

import { revalidatePath } from 'next/cache'
import { runAction } from '@/app/run-action'
import type { ActionResult } from '@/components/form/action-result'
import { browseRemote, type RemoteFolders } from '@/core/remotes/browse-remote'
import { createRemote } from '@/core/remotes/create-remote'
import { deleteRemote } from '@/core/remotes/delete-remote'
import { type BackendDescription, describeBackend } from '@/core/remotes/describe-backend'
import { type HostKeys, scanHostKey } from '@/core/remotes/scan-host-key'
import { type RemoteTest, testRemote } from '@/core/remotes/test-remote'
import { updateRemote } from '@/core/remotes/update-remote'
import { idSchema } from '@/protocol/names'
import { backendSchema, hostSchema, portSchema } from '@/protocol/remotes'
import { parsePlaceForm, parseRemoteForm } from './remote-form-data'

export async function createRemoteAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const input = parseRemoteForm(form)
    await createRemote(actor, input)
    revalidatePath('/remotes')
    return { message: `Remote “${input.name}” is added.`, href: '/remotes' }
  })
}

export async function updateRemoteAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    const id = idSchema.parse(form.get('id'))
    await updateRemote(actor, id, parseRemoteForm(form), { confirmedMove: form.has('confirmedMove') })
    revalidatePath('/remotes')
    return { message: 'The changes are saved.', href: '/remotes' }
  })
}

export async function deleteRemoteAction(_previous: ActionResult | null, form: FormData): Promise<ActionResult> {
  return runAction('administer', async (actor) => {
    await deleteRemote(actor, idSchema.parse(form.get('id')))
    // nothing is revalidated: the page it was on is gone, and must not be drawn once more before the browser leaves it
    return { message: 'The remote is removed from Talekeeper.', href: '/remotes' }
  })
}

/** Tries what stands in the form from a worker; takes as long as the worker does, at most a minute. */
export async function testRemoteAction(form: FormData): Promise<ActionResult<{ test: RemoteTest }>> {
  return runAction('administer', async () => {
    const savedId = idSchema.nullable().parse(form.get('id'))
    const workerId = idSchema.parse(form.get('testWorkerId'))
    return { test: await testRemote(parseRemoteForm(form), { workerId, savedId }) }
  })
}

/** What a worker's rclone says of a backend's options. */
export async function describeBackendAction(
  form: FormData,
): Promise<ActionResult<{ description: BackendDescription }>> {
  return runAction('administer', async () => ({
    description: await describeBackend(
      idSchema.parse(form.get('testWorkerId')),
      backendSchema.parse(form.get('backend')),
    ),
  }))
}

/** The folders in `browseFolder`, which is made before when `browseMake` says so. */
export async function browseRemoteAction(form: FormData): Promise<ActionResult<{ folders: RemoteFolders }>> {
  return runAction('administer', async (actor) => ({
    folders: await browseRemote(actor, parsePlaceForm(form), {
      workerId: idSchema.parse(form.get('testWorkerId')),
      savedId: idSchema.nullable().parse(form.get('id')),
      folder: String(form.get('browseFolder') ?? ''),
      make: form.has('browseMake'),
    }),
  }))
}

/** The keys that the SSH server of the form shows to a worker. */
export async function scanHostKeyAction(form: FormData): Promise<ActionResult<{ keys: HostKeys['keys'] }>> {
  return runAction('administer', async () =>
    scanHostKey(idSchema.parse(form.get('testWorkerId')), {
      host: hostSchema.parse(form.get('host')),
      port: portSchema.parse(form.get('port') || '22'),
    }),
  )
}
