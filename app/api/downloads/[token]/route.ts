import { answerRoute, neverStored } from '@/app/answer-route'
import { takeDownload } from '@/core/downloads/take-download'

/** GET: the bytes, once, as a file to save; browsers never show or run it (next.config.ts adds nosniff and a sandbox). */
export function GET(_request: Request, { params }: { params: Promise<{ token: string }> }): Promise<Response> {
  return answerRoute('operate', async (actor) => {
    const { fileName, bytes, body } = takeDownload(actor, (await params).token)
    return new Response(body, {
      headers: {
        ...neverStored,
        'content-type': 'application/octet-stream',
        'content-disposition': attachment(fileName),
        // nobody in between may hold it back to compress it
        'cache-control': 'no-store, no-transform',
        ...(bytes === null ? {} : { 'content-length': String(bytes) }),
      },
    })
  })
}

/** RFC 6266: the name in UTF-8, and one in plain ASCII for whoever does not know that. */
function attachment(fileName: string): string {
  const plain = fileName.replace(/[^\w.,=+@ -]/g, '_').slice(0, 200)
  const wellFormed = fileName.slice(0, 500).replace(/\p{Surrogate}|\//gu, '_')
  const encoded = encodeURIComponent(wellFormed).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  )
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}
