/**
 * Where to go after sign-in: a path of this site, else the overview. Refused are other sites in all their spellings
 * (`//host`, `/\host`, `https:…`, control characters that browsers drop) and the sign-in page itself.
 */
export function safeNextPath(next: string | null | undefined): string {
  if (!next || next.length > 2000 || !/^\/(?![/\\])[\x21-\x7e]*$/.test(next)) return '/'
  const url = new URL(next, 'http://site.invalid')
  if (url.host !== 'site.invalid' || url.pathname.startsWith('//') || url.pathname.startsWith('/sign-in')) return '/'
  return url.pathname + url.search
}
