import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import PostalMime from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type Mail, type MailServer, sendMail } from './mail'
import { blockListOf } from './network-guard'

/** Promise: a mail that a real server took is one that was sent; every other answer is told in words, without a secret. */

const folder = mkdtempSync(join(tmpdir(), 'talekeeper-mail-'))
const caFile = join(folder, 'ca.pem')
const keyFile = join(folder, 'key.pem')
process.env.EXTRA_CA_FILE = caFile
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const open: SMTPServer[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await new Promise<void>((resolve) => server.close(() => resolve()))
})

async function startServer(options: SMTPServerOptions = {}) {
  const mails: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    logger: false,
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        mails.push(Buffer.concat(chunks).toString())
        done()
      })
    },
    ...options,
  })
  // a client that breaks off is no fault of the server
  server.on('error', () => {})
  open.push(server)
  const address = await new Promise<AddressInfo>((resolve) => {
    const listening = server.listen(0, '127.0.0.1', () => resolve(listening.address() as AddressInfo))
  })
  return { mails, port: address.port }
}

const loopback = blockListOf(['127.0.0.0/8', '::1'])
const serverOf = (port: number, changes: Partial<MailServer> = {}): MailServer => ({
  ...{ host: '127.0.0.1', port, security: 'none', signIn: null, allowed: loopback },
  ...changes,
})
const mail: Mail = {
  messageId: '<one@talekeeper.example.org>',
  from: 'talekeeper@example.org',
  to: ['ada@example.org', 'bob@example.org'],
  subject: 'Overdue: Größe',
  text: 'Since two.\n.\nA line with a dot alone.',
  html: '<p>Since two.</p>',
  headers: { 'X-Talekeeper-Delivery': 'one' },
}

beforeAll(() => {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2']
  const files = ['-keyout', keyFile, '-out', caFile]
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject, ...files], { stdio: 'ignore' })
})

it('sends text and HTML to all, under the id that it was given', async () => {
  const { mails, port } = await startServer()
  expect(await sendMail(serverOf(port), mail)).toMatch(/^250/)
  const got = await PostalMime.parse(mails[0] ?? '')
  expect(got).toMatchObject({ messageId: mail.messageId, subject: mail.subject })
  expect(got.text?.replaceAll('\r\n', '\n').trim()).toBe(mail.text)
  expect(got.html?.trim()).toBe(mail.html)
  expect(got.to?.map(({ address }) => address)).toEqual(mail.to)
})

it('signs in, and tells what the server says to a wrong password without repeating it', async () => {
  const { mails, port } = await startServer({
    authOptional: false,
    onAuth: ({ username, password }, _session, done) =>
      username === 'tale' && password === 'right' ? done(null, { user: 'tale' }) : done(new Error('Wrong password')),
  })
  await sendMail(serverOf(port, { signIn: { user: 'tale', password: 'right' } }), mail)
  expect(mails).toHaveLength(1)
  const wrong = sendMail(serverOf(port, { signIn: { user: 'tale', password: 'guessed-secret' } }), mail)
  await expect(wrong).rejects.toThrow(/refuses user or password: 535/)
  await expect(wrong).rejects.not.toThrow(/guessed-secret/)
})

it.each(['tls', 'starttls'] as const)('encrypts by %s, and trusts no certificate of another name', async (security) => {
  const { mails, port } = await startServer({
    ...{ secure: security === 'tls', key: readFileSync(keyFile), cert: readFileSync(caFile) },
  })
  await sendMail(serverOf(port, { security, host: 'localhost' }), mail)
  expect(mails).toHaveLength(1)
  await expect(sendMail(serverOf(port, { security }), mail)).rejects.toThrow(/No encrypted connection/)
})

it('sends nothing in clear when encryption was asked for and the server has none', async () => {
  const { mails, port } = await startServer({ disabledCommands: ['STARTTLS'] })
  await expect(sendMail(serverOf(port, { security: 'starttls' }), mail)).rejects.toThrow()
  expect(mails).toEqual([])
})

it('names the addresses that were refused, and fails when all were', async () => {
  const { port } = await startServer({
    onRcptTo: ({ address }, _session, done) => (address.startsWith('bob') ? done(new Error('No such user')) : done()),
  })
  expect(await sendMail(serverOf(port), mail)).toMatch(/^250 .*\(refused for bob@example.org\)$/)
  const nobody = sendMail(serverOf(port), { ...mail, to: ['bob@example.org'] })
  await expect(nobody).rejects.toThrow(/refuses sender or recipients/)
})

it('lets nothing out of a header into the next', async () => {
  const { mails, port } = await startServer()
  await sendMail(serverOf(port), { ...mail, subject: 'One\r\nBcc: eve@example.org\r\n\r\nBody' })
  const got = await PostalMime.parse(mails[0] ?? '')
  expect(got.bcc).toBeUndefined()
  expect(got.text?.trim()).toMatch(/^Since two/)
})

it('reaches nothing on this host unless it is allowed', async () => {
  const { mails, port } = await startServer()
  for (const host of ['127.0.0.1', 'localhost', '::1'])
    await expect(sendMail(serverOf(port, { host, allowed: blockListOf([]) }), mail)).rejects.toThrow(/ALERT_NETWORKS/)
  expect(mails).toEqual([])
})

it('says when nobody listens', async () => {
  const { port } = await startServer()
  for (const server of open.splice(0)) await new Promise<void>((resolve) => server.close(() => resolve()))
  await expect(sendMail(serverOf(port), mail)).rejects.toThrow(/did not take the mail: .*ECONNREFUSED/)
})
