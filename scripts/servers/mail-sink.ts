import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { escapeHtml } from '@/core/deliveries/write-html'

type Mail = { at: Date; to: string; subject: string; text: string; html: string }

/** Takes every mail and shows it on a page of this host: nothing gets out. For the demo alone. */
export async function startMailSink(): Promise<{ smtpPort: number; url: string; stop: () => Promise<void> }> {
  const mails: Mail[] = []
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        void PostalMime.parse(Buffer.concat(chunks)).then(({ to, subject, text, html }) => {
          const addresses = (to ?? []).map(({ address }) => address ?? '').join(', ')
          mails.unshift({ at: new Date(), to: addresses, subject: subject ?? '', text: text ?? '', html: html ?? '' })
          done()
        }, done)
      })
    },
  })
  smtp.on('error', () => {})
  const pages = createServer((request, response) => {
    const mail = mails[Number(/^\/mails\/(\d+)$/.exec(request.url ?? '')?.[1])]
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'")
    response.end(mail ? mail.html || `<pre>${escapeHtml(mail.text)}</pre>` : listOf(mails))
  })
  const [smtpPort, pagePort] = await Promise.all([
    listening(
      (done) => smtp.listen(0, '127.0.0.1', done),
      () => smtp.server.address(),
    ),
    listening(
      (done) => pages.listen(0, '127.0.0.1', done),
      () => pages.address(),
    ),
  ])
  return {
    smtpPort,
    url: `http://127.0.0.1:${pagePort}`,
    stop: async () => {
      pages.closeAllConnections()
      await new Promise<void>((resolve) => pages.close(() => resolve()))
      await new Promise<void>((resolve) => smtp.close(() => resolve()))
    },
  }
}

function listening(listen: (done: () => void) => void, address: () => AddressInfo | string | null): Promise<number> {
  return new Promise((resolve) => listen(() => resolve((address() as AddressInfo).port)))
}

function listOf(mails: Mail[]): string {
  const shown = mails.map(
    ({ at, to, subject, text }, index) => `<article>
<h2>${escapeHtml(subject)}</h2><p>${escapeHtml(at.toISOString())} to ${escapeHtml(to)}</p>
<iframe src="/mails/${index}" title="${escapeHtml(subject)}" sandbox></iframe>
<details><summary>as text</summary><pre>${escapeHtml(text)}</pre></details></article>`,
  )
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mails of the demo</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}article{border-top:1px solid #ccc;padding:1rem 0}
h2{font-size:1.05rem;margin:0}p{color:#666;margin:.2rem 0 .8rem}iframe{width:100%;height:26rem;border:1px solid #ccc;border-radius:8px}pre{white-space:pre-wrap}</style></head>
<body><h1>Mails of the demo</h1>${shown.join('\n') || '<p>None yet. Reload when something happened.</p>'}</body></html>`
}
