import { randomBytes } from 'node:crypto'
import type { Exchange } from '@/e2e/fake-providers/exchange'
import { readRelated } from '@/e2e/fake-providers/multipart'
import type { Account } from '@/e2e/fake-providers/realm'
import type { Stored } from '@/e2e/fake-providers/content-store'
import { metadataSchema } from './files'
import { type DrivePlace, DriveRefusal, type DriveRoute, itemOf, requireRoom, toDriveFile } from './place'

const host = 'www.googleapis.com'
const path = '/upload/drive/v3/files'

type Session = { metadata: unknown; itemId: string | null; pieces: Stored[] }

/** Uploads in one request (`multipart`), and in pieces (`resumable`): developers.google.com/drive/api/guides/manage-uploads. */
export function uploadRoutes({ tree, store }: DrivePlace): DriveRoute[] {
  const sessions = new Map<string, Session>()
  const keep = (given: unknown, itemId: string | null, content: Stored, account: Account) => {
    try {
      requireRoom(tree, account, content.bytes)
    } catch (error) {
      store.remove(content.file)
      throw error
    }
    const { name = 'Untitled', parents = ['root'], modifiedTime } = metadataSchema.parse(given)
    if (itemId === null) {
      const parentId = itemOf(tree, parents[0] ?? 'root').id
      return tree.add({ parentId, name, content, contentModifiedAt: modifiedTime })
    }
    const item = itemOf(tree, itemId)
    tree.replaceContent(item, content, modifiedTime)
    return item
  }
  const begin = async (exchange: Exchange, account: Account, itemId: string | null) => {
    if (exchange.query('uploadType') === 'resumable') {
      const id = randomBytes(12).toString('hex')
      sessions.set(id, { metadata: await exchange.json(), itemId, pieces: [] })
      exchange.send(200, null, { location: `https://${host}${path}?uploadType=resumable&upload_id=${id}` })
      return
    }
    const form = await readRelated(exchange.request)
    const content = await store.receive(form.content)
    exchange.send(200, toDriveFile(keep(JSON.parse(form.first), itemId, content, account)))
  }
  const takePiece = async (exchange: Exchange, account: Account) => {
    const session = sessions.get(exchange.query('upload_id'))
    if (!session) throw new DriveRefusal(404, 'notFound', 'There is no such upload.')
    const [, last, total] = /^bytes \d+-(\d+)\/(\d+|\*)$/.exec(exchange.header('content-range')) ?? []
    session.pieces.push(await store.receive(exchange.request))
    if (Number(last) + 1 !== Number(total)) {
      exchange.send(308, null, { range: `bytes=0-${last}` })
      return
    }
    sessions.delete(exchange.query('upload_id'))
    const content = await store.join(session.pieces.map((piece) => piece.file))
    for (const piece of session.pieces) store.remove(piece.file)
    exchange.send(200, toDriveFile(keep(session.metadata, session.itemId, content, account)))
  }
  return [
    {
      method: 'POST',
      host,
      path,
      // rclone posts the pieces too, where others put them
      handle: (exchange, account) =>
        exchange.query('upload_id') ? takePiece(exchange, account) : begin(exchange, account, null),
    },
    {
      method: 'PATCH',
      host,
      path: `${path}/:id`,
      handle: (exchange, account) => begin(exchange, account, exchange.parameter('id')),
    },
    { method: 'PUT', host, path, handle: takePiece },
  ]
}
