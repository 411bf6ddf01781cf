import { answerRoute, neverStored } from '@/app/answer-route'
import { getBackupThroughput } from '@/core/backups/get-backup-throughput'

/** GET: how fast the backup goes, as its chart draws it. */
export function GET(_request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  return answerRoute('view', async () => {
    return Response.json(await getBackupThroughput((await params).id), { headers: neverStored })
  })
}
