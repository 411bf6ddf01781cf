import { expect, test } from 'vitest'
import { safeNextPath } from './safe-next-path'

test('sign-in leads back to the page that was asked for', () => {
  for (const path of ['/', '/backups/1?tab=log', '/instances/wt-prod/workers/new'])
    expect(safeNextPath(path)).toBe(path)
})

test('sign-in never leads to another site', () => {
  const elsewhere = [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    'javascript:alert(1)',
    'evil.example',
    '/..//evil.example',
    '/.//evil.example',
    '/sign-in?next=/sign-in',
    '',
    null,
    undefined,
    `/${'a'.repeat(3000)}`,
  ]
  for (const next of elsewhere) expect(safeNextPath(next), String(next)).toBe('/')
})
