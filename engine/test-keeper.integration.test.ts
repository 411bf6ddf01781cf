import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Remote } from '@/protocol/remotes'
import { type TrialRemote, webdavRemote } from './remote/loopback-servers'
import { RunRig } from './run-rig'
import { testRemote } from './test-remote'

let trial: TrialRemote
let rig: RunRig
let guard: Server
beforeEach(async () => {
  trial = await webdavRemote()
  rig = new RunRig(trial.remote)
})
afterEach(async () => {
  rig.close()
  guard.closeAllConnections()
  await new Promise((resolve) => guard.close(resolve))
  await trial.stop()
})

/** The same server for an account that may write new files, but not do what `forbidden` names to those that are there. */
async function writerWithout(...forbidden: ('DELETE' | 'PUT')[]): Promise<Remote> {
  const target = trial.remote.backend === 'webdav' ? trial.remote.options.url : ''
  const written = new Set<string>()
  guard = createServer((incoming, outgoing) => {
    const { method = 'GET', url = '/' } = incoming
    const isOver = method === 'PUT' && written.has(url)
    if ((method === 'DELETE' && forbidden.includes('DELETE')) || (isOver && forbidden.includes('PUT'))) {
      incoming.resume()
      outgoing.writeHead(403).end()
      return
    }
    if (method === 'PUT') written.add(url)
    if (method === 'DELETE') written.delete(url)
    const forwarded = request(`${target}${url}`, { method, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(outgoing)
    })
    incoming.pipe(forwarded)
  })
  await new Promise<void>((resolve) => guard.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(guard.address() as AddressInfo).port}`
  return { ...trial.remote, options: { ...trial.remote.options, url } } as Remote
}
const failures = (answer: Awaited<ReturnType<typeof testRemote>>) =>
  answer.steps.flatMap(({ name, problem }) => (problem ? [[name, problem.text]] : []))

test('with a keeper it is proved that the workers’ credential can neither delete nor overwrite, and the keeper deletes', async () => {
  const answer = await testRemote(await writerWithout('DELETE', 'PUT'), rig.context(), trial.remote)
  expect(failures(answer)).toEqual([])
  expect(answer.writerMay).toEqual({ overwrite: false, delete: false })
  expect(answer.steps.at(-1)).toMatchObject({ name: 'delete', ok: true })
})

test('it is said when the credential can overwrite, or delete, all the same', async () => {
  const overwrites = await testRemote(await writerWithout('DELETE'), rig.context(), trial.remote)
  expect([failures(overwrites), overwrites.writerMay]).toEqual([[], { overwrite: true, delete: false }])
  guard.close()
  const deletes = await testRemote(await writerWithout('PUT'), rig.context(), trial.remote)
  expect([failures(deletes), deletes.writerMay]).toEqual([[], { overwrite: false, delete: true }])
})
