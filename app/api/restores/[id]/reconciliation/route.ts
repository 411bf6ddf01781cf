import { answerRoute, neverStored } from '@/app/answer-route'
import { getReconciliation, toCsv } from '@/core/restores/get-reconciliation'

/** GET: what of a restore’s database and files does not fit together, as JSON, or as CSV with `?format=csv`. */
export function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  return answerRoute('view', async () => {
    const { id } = await params
    const found = await getReconciliation(id)
    const isCsv = new URL(request.url).searchParams.get('format') === 'csv'
    const headers = {
      ...neverStored,
      'content-type': isCsv ? 'text/csv; charset=utf-8' : 'application/json',
      'content-disposition': `attachment; filename="reconciliation-${id}.${isCsv ? 'csv' : 'json'}"`,
    }
    return new Response(isCsv ? toCsv(found) : JSON.stringify(found), { headers })
  })
}
