import { expect, it } from 'vitest'
import { type ChannelKind, channelInputSchema } from './schema'

/** Promise: whatever is wrong in the form of a channel is told at its field, each by words of its own. */

const rules = {
  ...{ name: 'Operators', paused: false, severity: 'warning', environments: [], instanceIds: [], kinds: [] },
  ...{ timeZone: 'UTC', quietFrom: '', quietUntil: '', digest: 'never', digestHour: '8' },
}
const email = { host: 'smtp.example.org', port: '587', security: 'starttls', from: 'tale@example.org' }
const well: Record<ChannelKind, { settings: object; secrets: object }> = {
  email: { settings: { ...email, to: 'ada@example.org, bob@example.org' }, secrets: {} },
  slack: { settings: {}, secrets: { url: 'https://hooks.example.org/x' } },
  teams: { settings: {}, secrets: { url: 'https://flow.example.org/x?sig=y' } },
  matrix: { settings: { server: 'https://matrix.example.org', room: '!abc:example.org' }, secrets: { token: 'syt_x' } },
  webhook: { settings: {}, secrets: { url: 'https://example.org/hook', key: 'a key of sixteen letters' } },
  ntfy: { settings: { server: 'https://ntfy.sh' }, secrets: { topic: 'tales' } },
}

function faultsOf(kind: ChannelKind, changes: { settings?: object; secrets?: object; rules?: object } = {}) {
  const { settings, secrets } = well[kind]
  const result = channelInputSchema.safeParse({
    ...{ kind, ...rules, ...changes.rules },
    ...{ settings: { ...settings, ...changes.settings }, secrets: { ...secrets, ...changes.secrets } },
  })
  return result.success ? [] : result.error.issues.map(({ message }) => message)
}

it.each(Object.keys(well) as ChannelKind[])('takes a channel of the kind %s', (kind) => {
  expect(faultsOf(kind)).toEqual([])
})

it.each<[ChannelKind, { settings?: object; rules?: object; secrets?: object }, RegExp]>([
  ['email', { settings: { to: 'ada@example.org, bob@example' } }, /^“bob@example” is no e-mail address\.$/],
  ['email', { settings: { to: ' ' } }, /^Enter at least one address\.$/],
  ['email', { settings: { host: 'smtp://example.org' } }, /^Enter a host name, without a protocol or port\.$/],
  ['email', { settings: { host: '' } }, /^Enter the name of the mail server\.$/],
  ['email', { settings: { port: 'smtp' } }, /^Enter a port, such as 587\.$/],
  ['email', { rules: { quietFrom: '22:00' } }, /^Enter both times, or none\.$/],
  ['matrix', { settings: { room: '#tales:example.org' } }, /^Enter the room’s internal id, which begins with !/],
  ['matrix', { secrets: { token: 'syt x' } }, /^An access token has no spaces/],
  ['webhook', { secrets: { key: 'short' } }, /^Use at least 16 characters\.$/],
  ['ntfy', { secrets: { topic: 'a b' } }, /^A topic has letters, digits, _ and -/],
  ['matrix', { settings: { server: 'matrix.example.org' } }, /^Enter an address that begins with https:\/\/$/],
])('says what is wrong: %s %j', (kind, changes, words) => {
  // the first is shown at the field
  expect(faultsOf(kind, changes)[0]).toMatch(words)
})

it.each<ChannelKind>(['slack', 'teams', 'webhook'])('takes no other address than one of the web for %s', (kind) => {
  for (const url of ['file:///etc/passwd', 'hooks.example.org', 'ftp://example.org/'])
    expect(faultsOf(kind, { secrets: { url } })[0]).toBe('Enter an address that begins with https://')
})
