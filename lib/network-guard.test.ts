import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendGuarded } from './http'
import { blockListOf, guardedLookup, isOpen } from './network-guard'

/** Promise: what a person types in as an address reaches nothing that only this host can reach, however it is written. */

const none = blockListOf([])

describe('addresses', () => {
  it.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '2606:4700::1111'])('%s is open', (address) => {
    expect(isOpen(address, none)).toBe(true)
  })
  const closed = [
    ...['127.0.0.1', '127.255.0.9', '0.0.0.0', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1'],
    ...['169.254.169.254', '224.0.0.1', '255.255.255.255', '::1', '::', '::ffff:127.0.0.1', '::ffff:10.0.0.1'],
    ...['fe80::1', 'fd00::1', 'ff02::1', '64:ff9b::7f00:1', '2002:7f00:1::', 'no address'],
  ]
  it.each(closed)('%s is closed', (address) => {
    expect(isOpen(address, none)).toBe(false)
  })
  it('what is allowed is open, and nothing beside it', () => {
    const allowed = blockListOf(['10.1.0.0/16', '::1'])
    expect(['10.1.2.3', '::1', '10.2.0.1', '127.0.0.1'].map((address) => isOpen(address, allowed))).toEqual([
      true,
      true,
      false,
      false,
    ])
  })
  it.each(['10.0.0.0/33', 'example.org', '10.0.0.0/x', '/8'])('%s is no network', (network) => {
    expect(() => blockListOf([network])).toThrow(/is no network/)
  })
})

it('resolves a name to none of the closed addresses', async () => {
  const outcome = await new Promise((resolve) => guardedLookup(none)('localhost', {}, (error) => resolve(error)))
  expect(String(outcome)).toMatch(/ALERT_NETWORKS/)
})

describe('requests', () => {
  let server: Server
  let port: number
  let requests = 0
  beforeAll(async () => {
    server = createServer((request, response) => {
      requests++
      if (request.url === '/elsewhere') return response.writeHead(302, { location: '/found' }).end()
      if (request.url === '/hang') return undefined
      if (request.url === '/endless') {
        const timer = setInterval(() => response.write('x'.repeat(1000)), 1)
        return response.on('close', () => clearInterval(timer))
      }
      return response.writeHead(request.url === '/broken' ? 500 : 200).end('fine')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    port = (server.address() as AddressInfo).port
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  const loopback = blockListOf(['127.0.0.0/8', '::1'])
  const send = (path: string, allowed = loopback) =>
    sendGuarded(`http://127.0.0.1:${port}${path}`, { method: 'POST', body: '{}', timeoutSeconds: 1, allowed })

  const spellings = ['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]', '0', 'localhost.']
  it.each(spellings)('never reach this host by %s', async (host) => {
    const before = requests
    const sending = sendGuarded(`http://${host}:${port}/`, { method: 'GET', timeoutSeconds: 2, allowed: none })
    await expect(sending).rejects.toThrow()
    expect(requests).toBe(before)
  })
  it('give the status and the beginning of the answer', async () => {
    expect(await send('/')).toMatchObject({ status: 200, text: 'fine' })
    expect(await send('/broken')).toMatchObject({ status: 500, text: 'fine' })
    expect((await send('/endless')).text).toHaveLength(4096)
  })
  it('follow no redirect, and wait no longer than they may', async () => {
    expect(await send('/elsewhere')).toMatchObject({ status: 302 })
    await expect(send('/hang')).rejects.toThrow(`no usable answer from http://127.0.0.1:${port}: it took too long`)
  })
})
