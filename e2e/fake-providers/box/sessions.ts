import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Stored } from '@/e2e/fake-providers/content-store'
import type { Account, Realm } from '@/e2e/fake-providers/realm'
import { BoxRefusal, notFound } from './errors'
import { attributesSchema, sendUploaded } from './item'
import type { BoxPlace, BoxRoute } from './place'
import { folderOf, requireFree, requireName, requireRoom } from './room'

const host = 'upload.box.com'
const sessionDays = 7
/** Box takes no session for a smaller file. */
const smallestBytes = 20_000_000

type Part = { offset: number; stored: Stored; id: string }
type Session = {
  id: string
  account: Account
  target: { parentId: string; name: string } | { fileId: string }
  bytes: number
  partBytes: number
  parts: Map<number, Part>
  pendingCommits: number
}

const openSchema = z.object({
  folder_id: z.string().optional(),
  file_name: z.string().optional(),
  file_size: z.number(),
})
const commitSchema = z.object({
  parts: z.array(z.object({ part_id: z.string(), offset: z.number(), size: z.number() })),
  attributes: attributesSchema.optional(),
})

/** Upload sessions (developer.box.com, guides/uploads/chunked): parts with a SHA-1 each, and a commit with that of the whole. */
export function sessionRoutes(place: BoxPlace): BoxRoute[] {
  const { tree, store, realm } = place
  const sessions = new Map<string, Session>()
  const open = (account: Account, target: Session['target'], bytes: number) => {
    if (bytes < smallestBytes)
      throw new BoxRefusal(400, 'file_size_too_small', 'The file is too small for an upload session')
    requireRoom(tree, account, bytes)
    const session = newSession(account, target, bytes, realm)
    sessions.set(session.id, session)
    return inWords(session)
  }
  const sessionOf = (id: string, account: Account) => {
    const session = sessions.get(id)
    if (session?.account.id !== account.id) throw notFound()
    return session
  }
  const end = (session: Session) => {
    sessions.delete(session.id)
    for (const part of session.parts.values()) store.remove(part.stored.file)
  }
  return [
    {
      method: 'POST',
      host,
      path: '/api/2.0/files/upload_sessions',
      handle: async (exchange, account) => {
        const wanted = openSchema.parse(await exchange.json())
        const parentId = folderOf(tree, wanted.folder_id).id
        const name = requireName(wanted.file_name)
        requireFree(tree, parentId, name)
        exchange.send(201, open(account, { parentId, name }, wanted.file_size))
      },
    },
    {
      method: 'POST',
      host,
      path: '/api/2.0/files/:id/upload_sessions',
      handle: async (exchange, account) => {
        const wanted = openSchema.parse(await exchange.json())
        const file = tree.find(exchange.parameter('id'))
        if (!file?.content) throw notFound()
        exchange.send(201, open(account, { fileId: file.id }, wanted.file_size))
      },
    },
    {
      method: 'PUT',
      host,
      path: '/api/2.0/files/upload_sessions/:id',
      handle: async (exchange, account) => {
        const session = sessionOf(exchange.parameter('id'), account)
        const [, first, last] = /^bytes (\d+)-(\d+)\/\d+$/.exec(exchange.header('content-range')) ?? []
        const offset = Number(first)
        const stored = await store.receive(exchange.request)
        const fault = partFault(session, offset, Number(last), stored, exchange.header('digest'))
        if (fault) {
          store.remove(stored.file)
          throw fault
        }
        const part = { offset, stored, id: randomBytes(4).toString('hex').toUpperCase() }
        session.parts.set(offset, part)
        exchange.send(200, { part: { part_id: part.id, offset, size: stored.bytes, sha1: stored.sha1 } })
      },
    },
    {
      method: 'POST',
      host,
      path: '/api/2.0/files/upload_sessions/:id/commit',
      handle: async (exchange, account) => {
        const session = sessionOf(exchange.parameter('id'), account)
        const wanted = commitSchema.parse(await exchange.json())
        if (session.pendingCommits > 0) {
          session.pendingCommits--
          exchange.send(202, null, { 'retry-after': '1' })
          return
        }
        const content = await joined(session, wanted.parts, exchange.header('digest'), place)
        end(session)
        const contentModifiedAt = wanted.attributes?.content_modified_at
        if ('fileId' in session.target) {
          const file = tree.find(session.target.fileId)
          if (!file) throw notFound()
          tree.replaceContent(file, content, contentModifiedAt)
          sendUploaded(exchange, file, tree)
          return
        }
        requireFree(tree, session.target.parentId, session.target.name)
        sendUploaded(exchange, tree.add({ ...session.target, content, contentModifiedAt }), tree)
      },
    },
    {
      method: 'DELETE',
      host,
      path: '/api/2.0/files/upload_sessions/:id',
      handle: (exchange, account) => {
        end(sessionOf(exchange.parameter('id'), account))
        exchange.send(204, null)
      },
    },
  ]
}

function newSession(account: Account, target: Session['target'], bytes: number, realm: Realm): Session {
  const { sessionPartBytes: partBytes, pendingCommits } = realm.settings
  const id = randomBytes(16).toString('hex').toUpperCase()
  return { id, account, target, bytes, partBytes, parts: new Map(), pendingCommits }
}

function inWords(session: Session): object {
  return {
    type: 'upload_session',
    id: session.id,
    part_size: session.partBytes,
    total_parts: Math.ceil(session.bytes / session.partBytes),
    num_parts_processed: 0,
    session_expires_at: new Date(Date.now() + sessionDays * 86_400_000).toISOString(),
    session_endpoints: { upload_part: `https://${host}/api/2.0/files/upload_sessions/${session.id}` },
  }
}

function partFault(session: Session, offset: number, last: number, stored: Stored, digest: string): BoxRefusal | null {
  const isAtItsPlace = offset % session.partBytes === 0 && last - offset + 1 === stored.bytes
  const isWhole = stored.bytes === Math.min(session.partBytes, session.bytes - offset)
  if (!isAtItsPlace || !isWhole)
    return new BoxRefusal(416, 'range_not_satisfiable', 'The part does not fit the session')
  if (digest !== digestOf(stored.sha1))
    return new BoxRefusal(412, 'sha_hash_mismatch', 'The digest is not that of the part')
  if (session.parts.has(offset))
    return new BoxRefusal(409, 'range_overlaps_existing_range', 'This part was uploaded before')
  return null
}

async function joined(
  session: Session,
  wanted: { part_id: string; offset: number; size: number }[],
  digest: string,
  { store }: BoxPlace,
): Promise<Stored> {
  const parts = [...session.parts.values()].sort((a, b) => a.offset - b.offset)
  const isAll =
    wanted.length === parts.length &&
    parts.reduce((sum, part) => sum + part.stored.bytes, 0) === session.bytes &&
    parts.every((part, number) => wanted[number]?.part_id === part.id)
  if (!isAll) throw new BoxRefusal(400, 'parts_mismatch', 'Not all parts were uploaded, or not in this order')
  const content = await store.join(parts.map((part) => part.stored.file))
  if (digest === digestOf(content.sha1)) return content
  store.remove(content.file)
  throw new BoxRefusal(412, 'sha_hash_mismatch', 'The digest is not that of the whole file')
}

function digestOf(sha1: string): string {
  return `sha=${Buffer.from(sha1, 'hex').toString('base64')}`
}
