import type { NextConfig } from 'next'

/** Sent with every answer; the Content-Security-Policy of pages carries a nonce and is set in proxy.ts. */
const securityHeaders = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Referrer-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=(), payment=(), usb=()' },
]

/** JSON and downloads: a browser that shows one as a page all the same runs nothing in it. */
const apiHeaders = [{ key: 'Content-Security-Policy', value: "default-src 'none'; frame-ancestors 'none'; sandbox" }]

/** Their address is a password: it goes to no other page and into no index. */
const statusHeaders = [
  { key: 'Referrer-Policy', value: 'no-referrer' },
  { key: 'X-Robots-Tag', value: 'noindex, nofollow, noarchive' },
]

const config: NextConfig = {
  output: 'standalone',
  poweredByHeader: false,
  serverExternalPackages: ['better-sqlite3', '@node-rs/argon2', 'bullmq', 'ioredis', 'pino'],
  outputFileTracingRoot: import.meta.dirname,
  outputFileTracingIncludes: { '/**': ['./prisma/migrations/**'] },
  /** `npm run typecheck` checks all files at once; a build for users need not do it again */
  typescript: { ignoreBuildErrors: true },
  experimental: {
    /** `forbidden()` answers 403 and shows app/forbidden.tsx */
    authInterrupts: true,
  },
  /** browsers ask for it where a page does not name its icon, such as a downloaded text */
  rewrites: () => Promise.resolve([{ source: '/favicon.ico', destination: '/icon.svg' }]),
  headers: () =>
    Promise.resolve([
      { source: '/:path*', headers: securityHeaders },
      { source: '/api/:path*', headers: apiHeaders },
      { source: '/status/:path*', headers: statusHeaders },
    ]),
}

export default config
