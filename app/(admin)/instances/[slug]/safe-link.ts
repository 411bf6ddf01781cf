/** A link in a note as it may stand on a page: absolute, by http, https or mailto; else empty, and only its words are shown. */
export function safeLink(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null
  return url && ['http:', 'https:', 'mailto:'].includes(url.protocol) ? address : ''
}
