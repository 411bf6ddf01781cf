import { answerRoute } from '@/app/answer-route'
import { logDownload } from '@/app/api/log-download'
import { getRestoreLog } from '@/core/restores/get-restore-log'

/** GET: the whole log as a text file. */
export function GET(_request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  return answerRoute('view', async () => {
    const { name, lines } = await getRestoreLog((await params).id)
    return logDownload(`${name}.log`, lines)
  })
}
