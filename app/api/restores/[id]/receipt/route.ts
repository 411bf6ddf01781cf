import { answerRoute, neverStored } from '@/app/answer-route'
import { getReceipt } from '@/core/restores/get-receipt'

/** GET: the signed receipt of a finished restore, as a file. */
export function GET(_request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  return answerRoute('view', async () => {
    const signed = await getReceipt((await params).id)
    const name = `restore-${signed.receipt.restoreId}.json`
    return Response.json(signed, {
      headers: { ...neverStored, 'content-disposition': `attachment; filename="${name}"` },
    })
  })
}
