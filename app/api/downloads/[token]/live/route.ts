import { answerRequest } from '@/app/answer-request'
import { findDownload } from '@/core/downloads/open-downloads'

/** GET: how far a download is, for the person who asked for it. */
export function GET(_request: Request, { params }: { params: Promise<{ token: string }> }): Promise<Response> {
  return answerRequest('operate', async (actor) => {
    const { state, sentBytes, bytes, leftOut, problem } = findDownload((await params).token, actor.id)
    return { state, sentBytes, bytes, leftOut, problem }
  })
}
