import { z } from 'zod'
import { HttpUnreachable, sendForm, sendJson } from '@/lib/http'
import type { Access } from '@/protocol/remotes'
import { manifestName } from './backup-folder'
import type { RemoteStore } from './remote-store'

const api = 'https://api.box.com/2.0'
const deleted = 204
const unauthorized = 401
const notThere = 404

/** What a backup consists of at Box, by the ids that stay when it goes to the trash. */
type FoundInBox = { path: string; access: Access; items: { kind: 'folders' | 'files'; id: string }[] }

/**
 * Learns what of a backup is to be taken out of the trash once it is deleted: its folder, and its manifest, which goes before and
 * lies there by itself. Null where the remote does not delete for ever. Throws a Problem when the remote cannot be read.
 */
export async function findInBox(store: RemoteStore, path: string): Promise<FoundInBox | null> {
  const { remote } = store
  if (remote.backend !== 'box' || !remote.deletesForEver || !remote.access) return null
  const folder = await store.idOf(path)
  if (folder === null) return null
  const manifest = await store.idOf(`${path}/${manifestName}`)
  const items: FoundInBox['items'] = [{ kind: 'folders', id: folder }]
  if (manifest !== null) items.push({ kind: 'files', id: manifest })
  return { path, access: remote.access, items }
}

/**
 * Takes a backup that is deleted out of the trash, and nothing else. Returns null when it is gone, else in words why it lies there
 * still. It is deleted all the same: nothing is thrown but the signal's reason.
 */
export async function removeFromTrash(found: FoundInBox | null, signal: AbortSignal): Promise<string | null> {
  if (!found) return null
  try {
    await removeAll(found, signal)
    return null
  } catch (error) {
    signal.throwIfAborted()
    const isKnown = error instanceof StaysInTrash || error instanceof HttpUnreachable
    return `Deleted, but still in Box’s trash, where it counts against the quota: ${found.path} (${isKnown ? error.message : 'unexpected failure'}). To free its space now, delete it from the trash at Box.`
  }
}

class StaysInTrash extends Error {
  override readonly name = 'StaysInTrash'
}

async function removeAll({ access, items }: FoundInBox, signal: AbortSignal): Promise<void> {
  let token = await askToken(access, signal)
  for (const { kind, id } of items) {
    // https://developer.box.com/reference/delete-folders-id-trash/
    const url = `${api}/${kind}/${encodeURIComponent(id)}/trash`
    let status = await sendDelete(url, token, signal)
    if (status === unauthorized) {
      token = await askToken(access, signal)
      status = await sendDelete(url, token, signal)
    }
    if (status !== deleted && status !== notThere) throw new StaysInTrash(`Box answers ${status}`)
  }
}

async function sendDelete(url: string, token: string, signal: AbortSignal): Promise<number> {
  const headers = { authorization: `Bearer ${token}` }
  return (await sendJson(url, { method: 'DELETE', headers, mayBeEmpty: true, signal })).status
}

const tokenSchema = z.object({ access_token: z.string().min(1) })

/** Asks the token broker as this run's rclone does. */
async function askToken({ id, secret, tokenUrl }: Access, signal: AbortSignal): Promise<string> {
  const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
  const form = { grant_type: 'refresh_token', refresh_token: 'lease' }
  const { status, body } = await sendForm(tokenUrl, form, { headers: { authorization }, signal })
  const answer = tokenSchema.safeParse(body)
  if (status !== 200 || !answer.success) throw new StaysInTrash(`the dashboard gives no access to Box: ${status}`)
  return answer.data.access_token
}
