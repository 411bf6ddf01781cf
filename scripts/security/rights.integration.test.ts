import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { control } from '@/core/audit/actor'
import { makeStatusLink } from '@/core/status-page/make-status-link'
import { db } from '@/lib/db'
import { stopProcess } from '@/scripts/servers/process'
import { type Stack, startStack } from '@/scripts/stack'
import { createBackup, createChannel, createIncident, createRefresh } from '@/scripts/test-rows'
import { createScene } from '@/scripts/test-scene'
import { Browser } from './browser'
import { databaseState } from './database-state'
import { actionNamed, signedIn } from './people'
import { listActions, listPages, listRoutes } from './site'

/**
 * Promise: every page, route and action checks rights itself. All are found in the file system and in the build, and asked of
 * the running web; what is added later is walked too, and fails here unless it refuses.
 */
const password = 'correct horse battery staple'
/** Open to people who are not signed in, and nothing else is. */
const openPages = ['/sign-in', '/first-run']
const openRoutes = ['/api/health', '/api/ready']
/** Where a refusal of a stranger is no 401. */
const refusalStatuses: Record<string, number> = {
  // they ask for a token in the body, which `{}` does not hold
  '/api/worker/enroll': 400,
  '/api/worker/migrations': 400,
  '/api/broker/token': 400,
  // there are none without METRICS_TOKEN
  '/metrics': 404,
  // its token is no link of any instance
  '/status/made-up': 404,
  '/status/made-up/badge.svg': 404,
}
/** OAuth and Prometheus have answers of their own, and a page of status is no API. */
const foreignLanguages = ['/api/broker/token', '/metrics', '/status/made-up', '/status/made-up/badge.svg']
const openActions = ['signInAction', 'createAdministratorAction', 'recoverAdministratorAction', 'signOutAction']
const viewerActions = ['changePasswordAction', 'revokeSessionAction', 'fetchIndexAction']
const operatorActions = [
  ...['cancelBackupAction', 'pinBackupAction', 'unpinBackupAction', 'runPlanAction', 'checkSourceAction'],
  'discoverSourceAction',
  ...['verifyBackupAction', 'checkRemoteAction', 'cancelInspectionAction'],
  ...['copyBackupAction', 'cancelReplicationAction'],
  ...['previewRestoreAction', 'cancelPreviewAction'],
  ...['checkRestoreAction', 'confirmRestoreAction', 'cancelRestoreAction', 'discardRestoreAction'],
  ...['requestOlderRestoreAction', 'runRefreshAction'],
  ...['undoRestoreAction', 'dropRestoreAction', 'scheduleDropAction', 'letGoAction', 'requestDownloadAction'],
  ...['acknowledgeIncidentAction', 'releaseIncidentAction'],
]

/** A restore that is over and has a receipt. */
const scratch = { kind: 'scratch', folder: '/srv/restored/r', mongodb: null }
const identical = {
  ...{ entriesExpected: 1, entriesIdentical: 1, bytesCompared: 1, refused: [], refusedCount: 0 },
  ...{ namespacesExpected: 0, namespacesIdentical: 0, documentsCompared: 0, differences: [], differenceCount: 0 },
}

let folder: string
let stack: Stack
let scene: Awaited<ReturnType<typeof createScene>>
let ids: Record<string, string>

const names = (segment: string, file: string): string => {
  const key = segment === 'id' ? (/(\w+)\/\[id\]/.exec(file)?.[1] ?? '') : segment
  const value = ids[key]
  if (!value) throw new Error(`rights.integration.test.ts does not know what to put for [${segment}] in ${file}`)
  return value
}
const actions = () => listActions(names)
const pages = () => listPages(names)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'talekeeper-rights-'))
  stack = await startStack(folder)
  // nothing but the requests of this test may change the database
  await stopProcess(stack.control)
  Object.assign(process.env, stack.environment)
  await fetch(`${stack.url}/api/health`)
  scene = await createScene(db())
  const backup = await createBackup(db(), {
    instanceId: scene.instance.id,
    planId: scene.plan.id,
    planSlug: scene.plan.slug,
    workerId: scene.worker.id,
  })
  const restore = await db().restore.create({
    data: {
      ...{ backupId: backup.id, instanceId: scene.instance.id, remoteId: scene.remote.id, state: 'succeeded' },
      tasks: { create: { workerId: scene.worker.id, state: 'succeeded', target: scratch, comparison: identical } },
    },
  })
  const enrolment = await db().enrolment.create({
    data: { instanceId: scene.instance.id, workerSlug: 'new', tokenHash: 'x', expiresAt: new Date(Date.now() + 1e6) },
  })
  const migration = await db().migration.create({
    data: {
      ...{ id: randomUUID(), instanceId: scene.instance.id, workerSlug: 'fresh', backupId: backup.id, linkSha256: 'x' },
      ...{ request: { inPlace: null, reason: 'a test' }, trustedNetworks: [], createdById: scene.worker.id },
      expiresAt: new Date(Date.now() + 1e6),
    },
  })
  const connection = await db().connection.create({
    data: { slug: 'box', name: 'Box', provider: 'box', method: 'web', settings: {}, clientId: 'client' },
  })
  ids = {
    slug: scene.instance.slug,
    worker: scene.worker.slug,
    source: scene.source.slug,
    backups: backup.id,
    restores: restore.id,
    migrations: migration.id,
    refreshes: (await createRefresh(db(), { instanceId: scene.instance.id, planId: scene.plan.id })).id,
    plans: scene.plan.id,
    remotes: scene.remote.id,
    enrolments: enrolment.id,
    transfers: enrolment.id,
    connections: connection.id,
    alerts: (await createChannel(db())).id,
    incidents: (await createIncident(db())).id,
    provider: 'box',
    token: 'made-up',
    day: '2026-11-23',
  }
})
afterAll(async () => {
  await db().$disconnect()
  await stack.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('whoever is not signed in', () => {
  test('is sent from every page to the sign-in page', async () => {
    const browser = new Browser(stack.url)
    expect(pages().length).toBeGreaterThan(20)
    for (const { path } of pages()) {
      const { status, headers, text } = await browser.get(path)
      // without a link that works there is nothing to see at /first-run either
      if (path === '/sign-in') expect(status).toBe(200)
      else {
        expect([path, status, headers.get('location')?.split('?')[0]]).toEqual([path, 307, '/sign-in'])
        for (const secret of [scene.instance.name, scene.plan.name]) expect(text).not.toContain(secret)
      }
    }
  })

  test('is refused by every route', async () => {
    const browser = new Browser(stack.url)
    const routes = listRoutes(names)
    expect(routes.length).toBeGreaterThan(10)
    for (const { path, methods, file } of routes) {
      expect(methods.length, file).toBeGreaterThan(0)
      if (openRoutes.includes(path)) continue
      for (const method of methods) {
        const answer = await browser.send(path, {
          method,
          headers: { 'talekeeper-protocol': '1', 'content-type': 'application/json' },
          ...(method === 'GET' ? {} : { body: '{}' }),
        })
        expect([path, answer.status]).toEqual([path, refusalStatuses[path] ?? 401])
        if (foreignLanguages.includes(path)) continue
        expect(JSON.parse(answer.text)).toEqual({ problem: expect.objectContaining({ code: expect.any(String) }) })
      }
    }
  })

  test('is refused by every server action, which changes nothing', async () => {
    const browser = new Browser(stack.url)
    expect(actions().length).toBeGreaterThan(25)
    const before = await databaseState()
    for (const action of actions()) {
      const answer = await browser.act(action, formOf(), { before: argumentsBefore(action.name) })
      expect([action.name, refusalOf(answer)]).toEqual([
        action.name,
        openActions.includes(action.name) ? expect.anything() : 'unauthenticated',
      ])
    }
    expect(await databaseState()).toBe(before)
  })

  test('gets nothing by a forged, foreign or revoked cookie', async () => {
    const browser = await signedIn(stack.url, actions(), 'admin', password)
    expect((await browser.get('/')).status).toBe(200)
    const stolen = browser.cookie
    await browser.act(actionNamed(actions(), 'signOutAction'), {})
    for (const cookie of [stolen, `${stolen.slice(0, -3)}abc`, `${stolen.split('=')[0]}=${scene.worker.id}`]) {
      browser.cookie = cookie
      expect((await browser.get('/')).status).toBe(307)
    }
  })
})

describe('roles', () => {
  test('a viewer can do nothing but look, and look only where viewers may', async () => {
    const browser = await signedIn(stack.url, actions(), 'viewer', password)
    const before = await databaseState()
    for (const action of actions()) {
      if ([...openActions, ...viewerActions].includes(action.name)) continue
      const answer = await browser.act(action, formOf(), { before: argumentsBefore(action.name) })
      expect([action.name, refusalOf(answer)]).toEqual([action.name, 'forbidden'])
    }
    expect(await databaseState()).toBe(before)
    for (const { path, source } of pages().filter((page) => !openPages.includes(page.path))) {
      const right = /authorizePage\('(\w+)'\)/.exec(source)?.[1]
      expect([path, (await browser.get(path)).status]).toEqual([path, right === 'view' ? 200 : 403])
    }
    expect((await browser.get(`/api/instances/${ids.slug}/enrolments/${ids.enrolments}`)).status).toBe(403)
  })

  test('an operator administers nothing', async () => {
    const browser = await signedIn(stack.url, actions(), 'operator', password)
    const before = await databaseState()
    for (const action of actions()) {
      if ([...openActions, ...viewerActions, ...operatorActions].includes(action.name)) continue
      const answer = await browser.act(action, formOf(), { before: argumentsBefore(action.name) })
      expect([action.name, refusalOf(answer)]).toEqual([action.name, 'forbidden'])
    }
    expect(await databaseState()).toBe(before)
  })
})

test('a status link is open to strangers, and tells neither an index nor another page of itself', async () => {
  const stranger = new Browser(stack.url)
  const { pathname } = new URL(await makeStatusLink(control, scene.instance.slug))
  for (const path of [pathname, `${pathname}/badge.svg`]) {
    const { status, headers } = await stranger.get(path)
    expect([path, status]).toEqual([path, 200])
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('x-robots-tag')).toContain('noindex')
    expect(headers.get('cache-control')).toBe('private, max-age=30')
    expect(headers.get('set-cookie')).toBeNull()
  }
})

test('what does not exist is answered with 404, page and route alike', async () => {
  const browser = await signedIn(stack.url, actions(), 'viewer', password)
  const nowhere = '00000000-0000-4000-8000-000000000000'
  for (const path of [`/backups/${nowhere}`, '/instances/nowhere', '/nowhere', `/api/backups/${nowhere}/live`])
    expect([path, (await browser.get(path)).status]).toEqual([path, 404])
})

/** A form that would be fit for much, if its sender were. */
function formOf(): Record<string, string> {
  return {
    ...{ id: ids.plans ?? '', slug: 'made-by-a-stranger', name: 'Made by a stranger', environment: 'testing' },
    ...{ workerId: scene.worker.id, sessionId: scene.worker.id, backend: 'local', baseFolder: '/srv/x' },
    ...{
      email: 'stranger@example.org',
      password: 'not the password',
      token: 'no token',
      typedName: scene.instance.name,
    },
  }
}

/** What the arguments of an action begin with, before its form: what its page binds it to, and the previous state. */
function argumentsBefore(name: string): unknown[] {
  if (/^(testRemote|describeBackend|browseRemote|scanHostKey|previewImport)Action$/.test(name)) return []
  if (/SourceAction$/.test(name)) return name.startsWith('create') ? [ids.slug, null] : [ids.slug, ids.source, null]
  return /^(update|delete)Instance|^makeEnrolment|^revokeWorker/.test(name) ? [ids.slug, null] : [null]
}

/** The code of the problem that an action answered with; where it sends the browser; undefined when it did its work. */
function refusalOf({ text, headers }: { text: string; headers: Headers }): string | undefined {
  return /"ok":false,"problem":\{"code":"([^"]+)"/.exec(text)?.[1] ?? headers.get('x-action-redirect') ?? undefined
}
