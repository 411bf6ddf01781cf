import { type NextRequest, NextResponse } from 'next/server'
import { nonceHeader, pathHeader } from '@/app/request-headers'

/**
 * Gives every page a Content-Security-Policy with a nonce of its own, and tells pages where the browser is. Rights are not
 * checked here: every page, action and route checks them itself.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(crypto.randomUUID())
  const policy = contentSecurityPolicy(nonce)
  const headers = new Headers(request.headers)
  headers.set(pathHeader, request.nextUrl.pathname + request.nextUrl.search)
  headers.set(nonceHeader, nonce)
  headers.set('Content-Security-Policy', policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('Content-Security-Policy', policy)
  return response
}

// API answers are no pages: next.config.ts gives them a stricter policy. Of what passes here Next keeps 10 MB of the body only,
// and a manifest sent by a worker may be longer
export const config = { matcher: ['/((?!_next/static|_next/image|icon.svg|favicon.ico|api/).*)'] }

function contentSecurityPolicy(nonce: string): string {
  // React's development build needs eval for its error overlay
  // biome-ignore lint/style/noProcessEnv: the bundler replaces it by a constant
  const development = process.env.NODE_ENV === 'development'
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    // Radix and sonner place elements by inline styles
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}
