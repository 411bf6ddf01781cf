export type Credentials = { id: string; secret: string }

/** Client id and secret of a token request (RFC 6749 section 2.3.1): by Basic authentication, else out of the form. Null: neither. */
export function readCredentials(authorization: string | null, form: URLSearchParams): Credentials | null {
  const basic = /^Basic ([A-Za-z0-9+/=]{1,4000})$/i.exec(authorization ?? '')?.[1]
  const [id, secret] = basic ? ofBasic(basic) : [form.get('client_id'), form.get('client_secret')]
  return id && secret ? { id, secret } : null
}

/** Both halves are form-encoded before they are joined. */
function ofBasic(basic: string): string[] {
  const text = Buffer.from(basic, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 0) return []
  try {
    return [text.slice(0, colon), text.slice(colon + 1)].map((half) => decodeURIComponent(half.replaceAll('+', ' ')))
  } catch {
    return []
  }
}
