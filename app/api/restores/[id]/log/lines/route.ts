import { answerRoute, neverStored } from '@/app/answer-route'
import { logLinesWanted } from '@/app/api/log-position'
import { getRestoreLogLines } from '@/core/restores/get-restore-log-lines'

/** GET: lines of the log before `?before=<attempt>.<sequence>`, with `?text=` in them. */
export function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  return answerRoute('view', async () => {
    const page = await getRestoreLogLines((await params).id, logLinesWanted(request))
    return Response.json(page, { headers: neverStored })
  })
}
