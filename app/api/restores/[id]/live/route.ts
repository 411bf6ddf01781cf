import { answerRoute, neverStored } from '@/app/answer-route'
import { logPositionOf } from '@/app/api/log-position'
import { getRestoreLive } from '@/core/restores/get-restore-live'

/** GET: how the restore stands now; see components/run/live-run.ts. */
export function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  return answerRoute('view', async () => {
    const live = await getRestoreLive((await params).id, logPositionOf(request))
    return Response.json(live, { headers: neverStored })
  })
}
