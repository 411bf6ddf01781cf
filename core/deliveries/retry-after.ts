/** How long the other side asks to be left alone (RFC 9110, 10.2.3: seconds or a date), or null where it does not say. */
export function retryAfterMilliseconds(header: string | string[] | undefined, now = new Date()): number | null {
  if (typeof header !== 'string') return null
  const text = header.trim()
  const milliseconds = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime()
  return Number.isNaN(milliseconds) ? null : Math.max(0, milliseconds)
}
