import '@fontsource-variable/inter'
import './globals.css'
import type { Metadata, Viewport } from 'next'
import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { nonceHeader } from './request-headers'
import { Surroundings } from './surroundings'

export const metadata: Metadata = {
  title: { default: 'Talekeeper', template: '%s · Talekeeper' },
  description: 'Backups of Whole Tale instances: scheduled, verified, restorable',
  robots: { index: false, follow: false },
}

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f9fafc' },
    { media: '(prefers-color-scheme: dark)', color: '#10131a' },
  ],
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get(nonceHeader) ?? ''
  return (
    <html lang="en" suppressHydrationWarning>
      <body>
        <Surroundings nonce={nonce}>{children}</Surroundings>
      </body>
    </html>
  )
}
