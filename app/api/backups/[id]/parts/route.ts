import { z } from 'zod'
import { answerRoute, neverStored } from '@/app/answer-route'
import { getBackupParts } from '@/core/backups/get-backup-parts'
import { parseQuery } from '@/app/api/parse-query'

const query = z.object({ artifact: z.string().max(100), after: z.coerce.number().int() })

/** GET: parts of `?artifact=` after part `?after=`. */
export function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  return answerRoute('view', async () => {
    const page = await getBackupParts((await params).id, parseQuery(query, request))
    return Response.json(page, { headers: neverStored })
  })
}
