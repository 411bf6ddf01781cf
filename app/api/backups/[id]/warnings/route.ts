import { z } from 'zod'
import { answerRoute, neverStored } from '@/app/answer-route'
import { parseQuery } from '@/app/api/parse-query'
import { getWarnings } from '@/core/backups/get-backup-warnings'

const query = z.object({
  code: z.string().max(64),
  source: z
    .string()
    .max(100)
    .nullish()
    .transform((source) => source ?? null),
  after: z.coerce.number().int(),
})

/** GET: warnings of one `?code=` and `?source=` (none: those without a source) after the one with id `?after=`. */
export function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  return answerRoute('view', async () => {
    const page = await getWarnings((await params).id, parseQuery(query, request))
    return Response.json(page, { headers: neverStored })
  })
}
