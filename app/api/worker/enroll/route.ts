import { strangerRoute } from '@/app/api/worker/worker-route'
import { describeSelf } from '@/core/workers/describe-self'
import { enrollWorker } from '@/core/workers/enroll-worker'
import { enrollRequestSchema } from '@/protocol/worker-api'

export const POST = strangerRoute(enrollRequestSchema, async (body, { protocol }) =>
  describeSelf(await enrollWorker(body, protocol)),
)
