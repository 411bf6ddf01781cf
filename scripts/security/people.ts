import { db } from '@/lib/db'
import { hashPassword } from '@/lib/password'
import { createUser } from '@/scripts/test-rows'
import { Browser } from './browser'
import type { ServerAction } from './site'

/** A browser in which a new user of this role has signed in through the sign-in page. */
export async function signedIn(
  origin: string,
  actions: ServerAction[],
  role: 'viewer' | 'operator' | 'admin',
  password: string,
): Promise<Browser> {
  const user = await createUser(db(), { role, passwordHash: await hashPassword(password) })
  const browser = new Browser(origin)
  const answer = await browser.act(actionNamed(actions, 'signInAction'), { email: user.email, password })
  if (!browser.keepCookie(answer)) throw new Error(`sign-in failed: ${answer.status} ${answer.text.slice(0, 500)}`)
  return browser
}

export function actionNamed(actions: ServerAction[], name: string): ServerAction {
  const action = actions.find((candidate) => candidate.name === name)
  if (!action) throw new Error(`the build has no action ${name}`)
  return action
}
