import { answerRequest } from '@/app/answer-request'
import { getIndexProgress } from '@/core/contents/get-contents'

/** GET: how far the index of a backup is on its way here. */
export function GET(_request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  return answerRequest('view', async () => getIndexProgress((await params).id))
}
