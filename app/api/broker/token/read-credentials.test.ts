import { expect, it } from 'vitest'
import { readCredentials } from './read-credentials'

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

it('takes credentials from the header first, form-encoded as Go sends them, then from the form', () => {
  const form = new URLSearchParams({ client_id: 'form', client_secret: 'of the form' })
  expect(readCredentials(basic('id:a%2Bb+c%3A'), form)).toEqual({ id: 'id', secret: 'a+b c:' })
  expect(readCredentials(null, form)).toEqual({ id: 'form', secret: 'of the form' })
})

it.each([null, 'Bearer x', basic('no colon'), basic('id:'), basic('id:%zz')])('finds none in %s', (authorization) => {
  expect(readCredentials(authorization, new URLSearchParams())).toBeNull()
})
