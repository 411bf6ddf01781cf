import { expect, test } from 'vitest'
import { runCommand } from './command'
import { obscure, reveal } from './rclone-obscure'

const secret = 'pässword with “quotes” 1'

test('what rclone obscured is revealed, and what is obscured here rclone reveals', async () => {
  const byRclone = await runCommand('rclone', { arguments: ['obscure', '-'], input: secret })
  expect(reveal(byRclone.stdout.toString('utf8').trim())).toBe(secret)
  const revealed = await runCommand('rclone', { arguments: ['reveal', '--', obscure(secret)] })
  expect(revealed.stdout.toString('utf8').trim()).toBe(secret)
})

test('what rclone did not make is told apart', () => {
  expect(reveal('plain password!')).toBeNull()
  expect(reveal('short')).toBeNull()
})
