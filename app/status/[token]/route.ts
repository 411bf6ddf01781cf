import { answerStatus } from '@/app/status/answer-status'
import { writeStatusPage } from '@/core/status-page/write-status-page'

export const dynamic = 'force-dynamic'

/** How an instance stands, for whoever has its link; nobody signs in. */
export function GET(_request: Request, context: { params: Promise<{ token: string }> }): Promise<Response> {
  return answerStatus(context, 'text/html; charset=utf-8', (status) => writeStatusPage(status, new Date()))
}
