import { expect, test } from 'vitest'
import { formatMode } from './format-mode'

test.each([
  ['file', 0o644, '-rw-r--r--'],
  ['folder', 0o2755, 'drwxr-sr-x'],
  ['folder', 0o1777, 'drwxrwxrwt'],
  ['file', 0o4755, '-rwsr-xr-x'],
  ['file', 0o7000, '---S--S--T'],
  ['symlink', 0o777, 'lrwxrwxrwx'],
] as const)('the mode of a %s %o reads as ls writes it', (kind, mode, text) => {
  expect(formatMode(kind, mode)).toBe(text)
})
