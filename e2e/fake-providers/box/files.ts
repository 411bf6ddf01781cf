import { randomBytes } from 'node:crypto'
import type { Route } from '@/e2e/fake-providers/exchange'
import { sendContent } from '@/e2e/fake-providers/send-content'
import type { Item } from '@/e2e/fake-providers/tree'
import { notFound } from './errors'
import { attributesSchema, toBoxItem } from './item'
import type { BoxPlace, BoxRoute } from './place'
import { folderOf, requireFree, requireName, requireRoom } from './room'

const api = 'api.box.com'

/** /2.0/files (developer.box.com/reference), but for uploads */
export function fileRoutes({ tree, tickets }: BoxPlace): BoxRoute[] {
  const fileOf = (id: string): Item & { content: NonNullable<Item['content']> } => {
    const file = tree.find(id)
    if (!file?.content) throw notFound()
    return file as Item & { content: NonNullable<Item['content']> }
  }
  return [
    {
      method: 'OPTIONS',
      host: api,
      path: '/2.0/files/content/',
      handle: async (exchange, account) => {
        const wanted = attributesSchema.parse(await exchange.json())
        const parent = folderOf(tree, wanted.parent?.id)
        requireFree(tree, parent.id, requireName(wanted.name))
        requireRoom(tree, account, wanted.size ?? 0)
        exchange.send(200, { upload_url: 'https://upload.box.com/api/2.0/files/content', upload_token: null })
      },
    },
    {
      method: 'GET',
      host: api,
      path: '/2.0/files/:id',
      handle: (exchange) => exchange.send(200, toBoxItem(fileOf(exchange.parameter('id')), tree)),
    },
    {
      method: 'PUT',
      host: api,
      path: '/2.0/files/:id',
      handle: async (exchange) => {
        const wanted = attributesSchema.parse(await exchange.json())
        const file = fileOf(exchange.parameter('id'))
        const parent = folderOf(tree, wanted.parent?.id ?? file.parentId ?? undefined)
        const name = requireName(wanted.name ?? file.name)
        requireFree(tree, parent.id, name, file)
        Object.assign(file, { parentId: parent.id, name, revision: file.revision + 1 })
        if (wanted.content_modified_at) file.contentModifiedAt = wanted.content_modified_at
        exchange.send(200, toBoxItem(file, tree))
      },
    },
    {
      method: 'DELETE',
      host: api,
      path: '/2.0/files/:id',
      handle: (exchange) => {
        tree.trash(fileOf(exchange.parameter('id')))
        exchange.send(204, null)
      },
    },
    {
      method: 'DELETE',
      host: api,
      path: '/2.0/files/:id/trash',
      handle: (exchange) => {
        const file = tree.findTrashed(exchange.parameter('id'))
        if (!file?.content) throw notFound()
        tree.remove(file)
        exchange.send(204, null)
      },
    },
    {
      method: 'POST',
      host: api,
      path: '/2.0/files/:id/copy',
      handle: async (exchange, account) => {
        const wanted = attributesSchema.parse(await exchange.json())
        const file = fileOf(exchange.parameter('id'))
        const parent = folderOf(tree, wanted.parent?.id)
        const name = requireName(wanted.name ?? file.name)
        requireFree(tree, parent.id, name)
        requireRoom(tree, account, file.content.bytes)
        exchange.send(201, toBoxItem(await tree.copy(file, parent.id, name), tree))
      },
    },
    {
      method: 'GET',
      host: api,
      path: '/2.0/files/:id/content',
      handle: (exchange) => {
        const ticket = randomBytes(16).toString('hex')
        tickets.set(ticket, fileOf(exchange.parameter('id')).content)
        exchange.redirect(`https://dl.boxcloud.com/d/1/${ticket}/download`)
      },
    },
  ]
}

/** Where a download is led to: its address is the right to it. */
export function downloadRoute({ store, tickets }: BoxPlace): Route {
  return {
    method: 'GET',
    host: 'dl.boxcloud.com',
    path: '/d/1/:ticket/download',
    handle: async (exchange) => {
      const content = tickets.get(exchange.parameter('ticket'))
      if (content) await sendContent(exchange, store, content)
      else exchange.send(404, null)
    },
  }
}
