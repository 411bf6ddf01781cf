import { answerRequest } from '@/app/answer-request'
import { may } from '@/app/may'
import { listDestinations } from '@/core/destinations/list-destinations'

/** GET: what the command palette offers (core/destinations/schema.ts). */
export function GET() {
  return answerRequest('view', (actor) => listDestinations({ mayRun: may(actor, 'operate') }))
}
