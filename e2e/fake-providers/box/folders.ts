import type { BoxPlace, BoxRoute } from './place'
import { BoxRefusal, notFound } from './errors'
import { attributesSchema, toBoxItem } from './item'
import { folderOf, requireFree, requireName } from './room'

const api = 'api.box.com'
const mostListed = 1000

/** /2.0/folders (developer.box.com/reference) */
export function folderRoutes({ tree }: BoxPlace): BoxRoute[] {
  return [
    {
      method: 'GET',
      host: api,
      path: '/2.0/folders/:id/items',
      handle: (exchange) => {
        const id = exchange.parameter('id')
        const all = id === 'trash' ? tree.trashed() : tree.children(folderOf(tree, id).id)
        const limit = Math.min(Number(exchange.query('limit') || 100), mostListed)
        const first = Number(exchange.query('marker') || 0)
        const next = first + limit
        exchange.send(200, {
          entries: all.slice(first, next).map((item) => toBoxItem(item, tree)),
          limit,
          next_marker: next < all.length ? String(next) : null,
        })
      },
    },
    {
      method: 'POST',
      host: api,
      path: '/2.0/folders',
      handle: async (exchange) => {
        const wanted = attributesSchema.parse(await exchange.json())
        const parent = folderOf(tree, wanted.parent?.id)
        const name = requireName(wanted.name)
        requireFree(tree, parent.id, name)
        exchange.send(201, toBoxItem(tree.add({ parentId: parent.id, name, content: null }), tree))
      },
    },
    {
      method: 'GET',
      host: api,
      path: '/2.0/folders/:id',
      handle: (exchange) => exchange.send(200, toBoxItem(folderOf(tree, exchange.parameter('id')), tree)),
    },
    {
      method: 'PUT',
      host: api,
      path: '/2.0/folders/:id',
      handle: async (exchange) => {
        const wanted = attributesSchema.parse(await exchange.json())
        const folder = folderOf(tree, exchange.parameter('id'))
        const parent = folderOf(tree, wanted.parent?.id ?? folder.parentId ?? undefined)
        const name = requireName(wanted.name ?? folder.name)
        requireFree(tree, parent.id, name, folder)
        Object.assign(folder, { parentId: parent.id, name, revision: folder.revision + 1 })
        exchange.send(200, toBoxItem(folder, tree))
      },
    },
    {
      method: 'DELETE',
      host: api,
      path: '/2.0/folders/:id',
      handle: (exchange) => {
        const folder = folderOf(tree, exchange.parameter('id'))
        if (folder.parentId === null) throw new BoxRefusal(403, 'forbidden', 'The root cannot be deleted')
        if (exchange.query('recursive') !== 'true' && tree.children(folder.id).length > 0)
          throw new BoxRefusal(400, 'folder_not_empty', 'Cannot delete – folder not empty')
        tree.trash(folder)
        exchange.send(204, null)
      },
    },
    {
      method: 'DELETE',
      host: api,
      path: '/2.0/folders/:id/trash',
      handle: (exchange) => {
        const folder = tree.findTrashed(exchange.parameter('id'))
        if (!folder || folder.content) throw notFound()
        tree.remove(folder)
        exchange.send(204, null)
      },
    },
  ]
}
