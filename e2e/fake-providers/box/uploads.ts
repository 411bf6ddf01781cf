import { readUploadForm } from '@/e2e/fake-providers/multipart'
import type { Exchange } from '@/e2e/fake-providers/exchange'
import type { Account } from '@/e2e/fake-providers/realm'
import { notFound } from './errors'
import { attributesSchema, sendUploaded } from './item'
import type { BoxPlace, BoxRoute } from './place'
import { folderOf, requireFree, requireName, requireRoom } from './room'

const upload = 'upload.box.com'

/** Uploads in one request: a new file, or a new version of one. */
export function uploadRoutes({ tree, store }: BoxPlace): BoxRoute[] {
  const receive = async (exchange: Exchange) => {
    const form = await readUploadForm(exchange.request, 'contents')
    return { form, wanted: attributesSchema.parse(JSON.parse(form.fields.attributes ?? '{}')) }
  }
  const requireRoomFor = (account: Account, file: string, bytes: number) => {
    try {
      requireRoom(tree, account, bytes)
    } catch (error) {
      store.remove(file)
      throw error
    }
  }
  return [
    {
      method: 'POST',
      host: upload,
      path: '/api/2.0/files/content',
      handle: async (exchange, account) => {
        const { form, wanted } = await receive(exchange)
        const parent = folderOf(tree, wanted.parent?.id)
        const name = requireName(wanted.name)
        requireFree(tree, parent.id, name)
        const content = await store.receive(form.content)
        requireRoomFor(account, content.file, content.bytes)
        const facts = { parentId: parent.id, name, content, contentModifiedAt: wanted.content_modified_at }
        sendUploaded(exchange, tree.add(facts), tree)
      },
    },
    {
      method: 'POST',
      host: upload,
      path: '/api/2.0/files/:id/content',
      handle: async (exchange, account) => {
        const { form, wanted } = await receive(exchange)
        const file = tree.find(exchange.parameter('id'))
        if (!file?.content) throw notFound()
        const content = await store.receive(form.content)
        requireRoomFor(account, content.file, content.bytes)
        tree.replaceContent(file, content, wanted.content_modified_at)
        sendUploaded(exchange, file, tree)
      },
    },
  ]
}
