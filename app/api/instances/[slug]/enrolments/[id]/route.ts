import { answerRequest } from '@/app/answer-request'
import { getEnrolment } from '@/core/workers/get-enrolment'

/** How far an enrolment has come; the enrol page asks every two seconds. */
export function GET(_request: Request, { params }: { params: Promise<{ slug: string; id: string }> }) {
  return answerRequest('administer', async () => {
    const { slug, id } = await params
    return getEnrolment(slug, id)
  })
}
