import { type BlockList, isIP } from 'node:net'
import { createTransport } from 'nodemailer'
import { trustedCertificates } from './http'
import { AddressRefused, openGuardedSocket } from './network-guard'

export type MailServer = {
  host: string
  port: number
  /** `tls` from the first byte, `starttls` before anything is said, `none`: in clear */
  security: 'tls' | 'starttls' | 'none'
  /** null: the server takes mail of this host without a sign-in */
  signIn: { user: string; password: string } | null
  allowed: BlockList
}

export type Mail = {
  /** stays the same when the mail is sent once more: mail programs then show one */
  messageId: string
  from: string
  to: string[]
  subject: string
  text: string
  html: string
  headers: Record<string, string>
}

/** The mail did not get out. `message` is for people and holds no secret. */
export class MailFailed extends Error {
  override readonly name = 'MailFailed'
}

const timeoutMilliseconds = 20_000

/**
 * Sends one mail and resolves to the server's own words; addresses that it refused among others are named in them. Throws
 * MailFailed when it took the mail for nobody, and AddressRefused (lib/network-guard.ts).
 */
export async function sendMail(server: MailServer, mail: Mail): Promise<string> {
  const { host, port, security, signIn, allowed } = server
  const ca = trustedCertificates()
  const transport = createTransport({
    ...{ host, port, secure: security === 'tls', requireTLS: security === 'starttls', ignoreTLS: security === 'none' },
    ...(signIn ? { auth: { user: signIn.user, pass: signIn.password } } : {}),
    // both: without them Node takes any socket's certificate to be for localhost
    tls: { host, ...(isIP(host) === 0 ? { servername: host } : {}), ...(ca ? { ca } : {}) },
    connectionTimeout: timeoutMilliseconds,
    greetingTimeout: timeoutMilliseconds,
    socketTimeout: timeoutMilliseconds,
    disableFileAccess: true,
    disableUrlAccess: true,
    getSocket: (_options, callback) => {
      openGuardedSocket({ host, port }, allowed, timeoutMilliseconds).then(
        (connection) => callback(null, { connection }),
        (error: Error) => callback(error, false),
      )
    },
  })
  try {
    const { response, rejected } = await transport.sendMail(mail)
    return rejected.length > 0 ? `${response} (refused for ${rejected.join(', ')})` : response
  } catch (cause) {
    if (cause instanceof AddressRefused) throw cause
    throw new MailFailed(wordsOf(cause, server), { cause })
  } finally {
    transport.close()
  }
}

function wordsOf(cause: unknown, { host, port, security }: MailServer): string {
  const { code, message, response } = cause as { code?: string; message?: string; response?: string }
  const place = `${host}:${port}`
  if (code === 'EAUTH') return `${place} refuses user or password: ${response ?? message}`
  if (code === 'EENVELOPE') return `${place} refuses sender or recipients: ${response ?? message}`
  if (code === 'ETLS' || /certificate|altnames|TLS|SSL/i.test(message ?? ''))
    return `No encrypted connection to ${place} (${security}): ${message}`
  return `${place} did not take the mail: ${response ?? message ?? 'unknown reason'}`
}
