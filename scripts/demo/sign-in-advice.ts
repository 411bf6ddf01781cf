import { makeSignInLink } from '@/core/users/make-sign-in-link'
import { db } from '@/lib/db'

/** What to open in the browser: a one-time link until there is an administrator, then the dashboard itself. */
export async function signInAdvice(url: string): Promise<string> {
  if (await db().user.findFirst({ where: { role: 'admin' } })) return `open ${url} and sign in. Ctrl-C ends the demo.`
  const link = await makeSignInLink(url)
  return `open this link to become the first administrator (it works once, for a day):\n\n  ${link.url}\n\nCtrl-C ends the demo.`
}
