import { describe, expect, it } from 'vitest'
import { readPasted } from './read-pasted'

/** Source of both forms: rclone fs/config/authorize.go, in 1.60 and 1.75. */
const token = JSON.stringify({
  access_token: 'a',
  token_type: 'bearer',
  refresh_token: 'rt',
  expiry: '2026-11-26T02:00:00Z',
})
const blob = Buffer.from(JSON.stringify({ token })).toString('base64').replace(/=+$/, '')

describe('what a person pastes', () => {
  it.each([
    ['the token alone', token],
    ['the token between its arrows', `Paste the following into your remote machine --->\n${token}\n<---End paste\n`],
    ['the base64 form between its arrows', `Paste the following into your remote machine --->\n${blob}\n<---End paste`],
    ['the base64 form, wrapped by a terminal', blob.replace(/(.{20})/g, '$1\n')],
  ])('is read: %s', (_, text) => {
    expect(readPasted(text)).toEqual({ kind: 'token', refreshToken: 'rt' })
  })

  it('may be the address that the browser ended at', () => {
    expect(readPasted(' http://127.0.0.1:53682/?state=s&code=c ')).toEqual({
      ...{ kind: 'address', state: 's', code: 'c', error: null },
    })
    expect(readPasted('http://localhost:53682/?error=access_denied&state=s')).toMatchObject({ error: 'access_denied' })
  })

  it.each(['', 'hello', '{}', '{"access_token":"a"}', 'https://example.org/', blob.slice(4)])(
    'is refused: %s',
    (text) => {
      expect(readPasted(text)).toBeNull()
    },
  )
})
