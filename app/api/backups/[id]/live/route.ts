import { answerRoute, neverStored } from '@/app/answer-route'
import { logPositionOf } from '@/app/api/log-position'
import { getBackupLive } from '@/core/backups/get-backup-live'

/** GET: how the backup stands now; see components/run/live-run.ts. */
export function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  return answerRoute('view', async () => {
    const live = await getBackupLive((await params).id, logPositionOf(request))
    return Response.json(live, { headers: neverStored })
  })
}
