import { describe, expect, it } from 'vitest'
import { failureReason, lastMessage, mayPassByItself } from './rclone-failure'

/** Messages that rclone 1.60.1 printed when tried. */
describe('why rclone failed', () => {
  const cases: [string, number, string][] = [
    [
      'wrong-credentials',
      1,
      "Failed to lsjson: error in ListJSON: couldn't list files: Unauthorized: 401 Unauthorized",
    ],
    ['wrong-credentials', 1, 'ssh: handshake failed: ssh: unable to authenticate, attempted methods [none password]'],
    [
      'reconnect-needed',
      1,
      `couldn't list files: Get "https://api.box.com/2.0/folders/0/items": couldn't fetch token: oauth2: cannot fetch token: 400 Bad Request\nResponse: {"error":"invalid_grant","error_description":"Reconnect needed: Box no longer takes the sign-in of the connection “Box” (invalid_grant)."}`,
    ],
    ['wrong-host-key', 1, "NewFs: couldn't connect SSH: ssh: handshake failed: knownhosts: key mismatch"],
    ['unreachable', 5, 'Propfind "http://127.0.0.1:1/": dial tcp 127.0.0.1:1: connect: connection refused'],
    ['unreachable', 1, 'dial tcp: lookup nas.example.org: no such host'],
    ['denied', 1, 'Update Create failed: sftp: "Read only file system" (SSH_FX_FAILURE)'],
    ['denied', 1, 'mkdir /srv/x: permission denied'],
    ['full', 1, 'write /srv/x: no space left on device'],
    ['full', 1, 'preallocate: file too big for remaining disk space'],
    ['bucket-missing', 1, 'NoSuchBucket: The specified bucket does not exist status code: 404'],
    ['not-found', 3, 'Failed to lsjson: directory not found'],
    ['not-found', 4, ''],
    ['full', 1, 'Failed to copyto: Error "storage_limit_exceeded" (403): Account storage limit reached'],
    [
      'file-too-large',
      1,
      'Error "file_size_limit_exceeded" (413): File size exceeds the folder owner’s file size limit',
    ],
    ['busy', 1, 'Error "rate_limit_exceeded" (429): Request rate limit exceeded, please try again later'],
    [
      'access-over',
      1,
      'oauth2: cannot fetch token: 400 Bad Request\nResponse: {"error":"invalid_grant","error_description":"This run is over, or no longer in the hands of this worker: it gets no access to the remote any more."}',
    ],
    [
      'provider-away',
      1,
      'oauth2: cannot fetch token: 503 Service Unavailable\nResponse: {"error":"temporarily_unavailable"}',
    ],
    ['unknown', 1, 'something new'],
  ]
  it.each(cases)('%s: exit code %i, %s', (reason, exitCode, text) => {
    expect(failureReason(exitCode, text)).toBe(reason)
    const json = JSON.stringify({
      level: 'error',
      msg: text,
      source: 'walk/walk.go:403',
      time: '2026-01-01T00:00:00.401Z',
    })
    expect(failureReason(exitCode, json)).toBe(reason)
  })

  it('a 401 is an ended access token where nobody enters credentials', () => {
    const text = 'couldn\'t list files: Error "401 Unauthorized" (401)'
    expect(failureReason(1, text)).toBe('wrong-credentials')
    expect(failureReason(1, text, true)).toBe('token-refused')
    expect(mayPassByItself('token-refused')).toBe(true)
    expect(mayPassByItself('reconnect-needed')).toBe(false)
  })

  it('is told in one line, without secrets', () => {
    const stderr = `{"level":"error","msg":"first"}\n2026/11/23 18:26:53 Failed: http://user:hunter22@host/ said hunter22 is wrong\n`
    expect(lastMessage(stderr, ['hunter22'])).toBe('Failed: http://host/ said … is wrong')
  })
})
