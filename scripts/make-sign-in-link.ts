import { makeSignInLink } from '@/core/users/make-sign-in-link'
import { controlPlaneEnv } from '@/lib/env'

/**
 * Prints a one-time link for the first administrator, or for one who lost their password. Run on the server, with the
 * environment of the web process: npx tsx scripts/make-sign-in-link.ts
 */
const { url, expiresAt } = await makeSignInLink(controlPlaneEnv().publicUrl)
console.log(url)
console.error(`It works once, until ${expiresAt.toISOString()}.`)
