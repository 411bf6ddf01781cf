import { redirect } from 'next/navigation'
import { answerRoute } from '@/app/answer-route'
import { findRunOfDay } from '@/core/health/find-run-of-day'
import { Problem } from '@/protocol/problem'

/** GET: leads to the backup that tells most of a day of the plan, `2026-11-23` in its zone; to the plan where none was made. */
export function GET(
  _request: Request,
  { params }: { params: Promise<{ id: string; day: string }> },
): Promise<Response> {
  return answerRoute('view', async () => {
    const { id, day } = await params
    if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(Date.parse(day)))
      throw new Problem({ code: 'invalid-request', text: 'A day is written 2026-11-23.' })
    const run = await findRunOfDay(id, day)
    redirect(run ? `/backups/${run.id}` : `/plans/${id}`)
  })
}
