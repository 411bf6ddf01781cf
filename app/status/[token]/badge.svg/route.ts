import { answerStatus } from '@/app/status/answer-status'
import { writeBadge } from '@/core/status-page/write-badge'

export const dynamic = 'force-dynamic'

/** The same in one word, as a picture. */
export function GET(_request: Request, context: { params: Promise<{ token: string }> }): Promise<Response> {
  return answerStatus(context, 'image/svg+xml; charset=utf-8', ({ state }) => writeBadge(state))
}
