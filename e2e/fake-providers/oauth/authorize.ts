import { randomBytes } from 'node:crypto'
import type { Exchange } from '@/e2e/fake-providers/exchange'
import { type App, nowOf, type Realm } from '@/e2e/fake-providers/realm'
import type { OAuthRules } from './rules'
import type { Tokens } from './tokens'

type Surroundings = { name: string; realm: Realm; rules: OAuthRules; tokens: Tokens }

/** The provider's consent page: who is signed in, "Grant" and "Deny". */
export function showAuthorizePage(exchange: Exchange, { name, realm }: Surroundings): void {
  const fault = faultOf(exchange.url.searchParams, realm)
  if (fault) {
    exchange.send(400, page(name, `<h1>${name} cannot go on</h1><p role="alert">${escapeHtml(fault)}</p>`))
    return
  }
  const hidden = [...exchange.url.searchParams].map(
    ([key, value]) => `<input type="hidden" name="${escapeHtml(key)}" value="${escapeHtml(value)}">`,
  )
  const accounts = realm.accounts.map(
    (account, number) =>
      `<label><input type="radio" name="account" value="${account.id}"${number === 0 ? ' checked' : ''}> ${escapeHtml(account.name)} (${escapeHtml(account.login)})</label><br>`,
  )
  exchange.send(
    200,
    page(
      name,
      `<h1>Grant access to ${name}</h1>
<p>An application wants to read and write all files and folders of your account.</p>
<form method="post">${hidden.join('')}<fieldset><legend>Account</legend>${accounts.join('')}</fieldset>
<p><button name="decision" value="grant">Grant access to ${name}</button> <button name="decision" value="deny">Deny</button></p></form>`,
    ),
  )
}

/** A click on one of the two buttons: back to the application with a code, or with `access_denied`. */
export async function decide(exchange: Exchange, { name, realm, rules, tokens }: Surroundings): Promise<void> {
  const form = await exchange.form()
  const fault = faultOf(form, realm)
  if (fault) {
    exchange.send(400, page(name, `<h1>${name} cannot go on</h1><p role="alert">${escapeHtml(fault)}</p>`))
    return
  }
  const app = appOf(form, realm) as App
  const redirectUri = redirectOf(form, app) as string
  const back = new URL(redirectUri)
  if (form.has('state')) back.searchParams.set('state', form.get('state') ?? '')
  if (form.get('decision') !== 'grant') {
    back.searchParams.set('error', 'access_denied')
    back.searchParams.set('error_description', 'The user denied access to your application')
    exchange.redirect(back.href)
    return
  }
  const accountId = form.get('account') ?? ''
  const isFirst = !rules.onlyFirstConsentIsOffline || !tokens.hasConsented(app, accountId)
  const code = `code-${randomBytes(16).toString('hex')}`
  realm.codes.push({
    ...{ code, accountId, redirectUri, clientId: app.clientId },
    scope: form.get('scope') ?? '',
    isOffline: rules.isOffline(form) && (isFirst || (form.get('prompt') ?? '').includes('consent')),
    challenge: form.get('code_challenge_method') === 'S256' ? form.get('code_challenge') : null,
    expiresAt: nowOf(realm) + rules.codeSeconds * 1000,
  })
  back.searchParams.set('code', code)
  exchange.redirect(back.href)
}

function faultOf(query: URLSearchParams, realm: Realm): string | null {
  const app = appOf(query, realm)
  if (!app) return 'invalid_client: there is no application with this client_id.'
  if (query.get('response_type') !== 'code') return 'unsupported_response_type: response_type must be "code".'
  if (!redirectOf(query, app))
    return 'redirect_uri_mismatch: the redirect address is not one of those that the application has registered.'
  return null
}

function appOf(query: URLSearchParams, realm: Realm): App | undefined {
  return realm.apps.find((app) => app.clientId === query.get('client_id'))
}

function redirectOf(query: URLSearchParams, app: App): string | null {
  const wanted = query.get('redirect_uri')
  if (wanted === null) return app.redirectUris.length === 1 ? (app.redirectUris[0] ?? null) : null
  return app.redirectUris.includes(wanted) ? wanted : null
}

function page(name: string, content: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>${name} (not the real one)</title></head><body>${content}<hr><p>This is a stand-in for tests and demonstrations, not ${name}.</p></body></html>`
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
