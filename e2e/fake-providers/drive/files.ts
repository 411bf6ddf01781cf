import { z } from 'zod'
import { sendContent } from '@/e2e/fake-providers/send-content'
import { type DrivePlace, type DriveRoute, folderType, itemOf, toDriveFile } from './place'

const host = 'www.googleapis.com'
const files = '/drive/v3/files'

export const metadataSchema = z.object({
  name: z.string().optional(),
  mimeType: z.string().optional(),
  parents: z.array(z.string()).optional(),
  modifiedTime: z.string().optional(),
  trashed: z.boolean().optional(),
})

/** /drive/v3/files, but for uploads; of the search language only what rclone says is understood. */
export function fileRoutes({ tree, store }: DrivePlace): DriveRoute[] {
  return [
    {
      method: 'GET',
      host,
      path: files,
      handle: (exchange) => {
        const wanted = readQuery(exchange.query('q'))
        const all = wanted.parents
          .flatMap((id) => tree.children(itemOf(tree, id).id))
          .filter((item) => wanted.names.length === 0 || wanted.names.includes(item.name))
          .filter((item) => wanted.isFolder === null || wanted.isFolder === (item.content === null))
        const first = Number(exchange.query('pageToken') || 0)
        const next = first + Number(exchange.query('pageSize') || 100)
        exchange.send(200, {
          kind: 'drive#fileList',
          incompleteSearch: false,
          files: all.slice(first, next).map(toDriveFile),
          ...(next < all.length ? { nextPageToken: String(next) } : {}),
        })
      },
    },
    {
      method: 'POST',
      host,
      path: files,
      handle: async (exchange) => {
        const { name = 'Untitled', parents = ['root'] } = metadataSchema.parse(await exchange.json())
        const parentId = itemOf(tree, parents[0] ?? 'root').id
        exchange.send(200, toDriveFile(tree.add({ parentId, name, content: null })))
      },
    },
    {
      method: 'GET',
      host,
      path: `${files}/:id`,
      handle: async (exchange) => {
        const item = itemOf(tree, exchange.parameter('id'))
        if (exchange.query('alt') === 'media' && item.content) await sendContent(exchange, store, item.content)
        else exchange.send(200, toDriveFile(item))
      },
    },
    {
      method: 'PATCH',
      host,
      path: `${files}/:id`,
      handle: async (exchange) => {
        const item = itemOf(tree, exchange.parameter('id'))
        const { name, modifiedTime, trashed } = metadataSchema.parse(await exchange.json())
        const parent = exchange.query('addParents')
        if (parent) item.parentId = itemOf(tree, parent).id
        if (name) item.name = name
        if (modifiedTime) item.contentModifiedAt = modifiedTime
        if (trashed) tree.trash(item)
        exchange.send(200, toDriveFile(item))
      },
    },
    {
      method: 'DELETE',
      host,
      path: `${files}/:id`,
      handle: (exchange) => {
        tree.remove(itemOf(tree, exchange.parameter('id')))
        exchange.send(204, null)
      },
    },
  ]
}

type Query = { parents: string[]; names: string[]; isFolder: boolean | null }

function readQuery(text: string): Query {
  const unquote = (quoted: string) => quoted.replaceAll("\\'", "'").replaceAll('\\\\', '\\')
  const parents = [...text.matchAll(/'([^']+)' in parents/g)].map((match) => match[1] ?? '')
  const names = [...text.matchAll(/name='((?:[^'\\]|\\.)*)'/g)].map((match) => unquote(match[1] ?? ''))
  const type = new RegExp(`mimeType\\s*(!?=)\\s*'${folderType}'`).exec(text)?.[1]
  return { parents, names, isFolder: type === undefined ? null : type === '=' }
}
