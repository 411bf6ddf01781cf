import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCommand } from './command'
import { makeEnvironment } from './rclone-environment'

test('a password reaches rclone obscured, any other option as it is, and both are known as secrets', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'talekeeper-environment-'))
  const remote = {
    ...{ backend: 'smb', options: { host: 'files', pass: 'pässword 1', user: undefined, domain: '' } },
    ...{ secretOptions: ['pass'], obscuredOptions: ['pass'] },
  }
  const { variables, secrets, remove } = await makeEnvironment(remote, folder)
  const { RCLONE_CONFIG_TK_PASS: obscured = '', ...others } = variables
  const revealed = await runCommand('rclone', { arguments: ['reveal', '--', obscured] })
  expect(revealed.stdout.toString('utf8').trim()).toBe('pässword 1')
  expect(others).toMatchObject({ RCLONE_CONFIG: '', RCLONE_CONFIG_TK_TYPE: 'smb', RCLONE_CONFIG_TK_HOST: 'files' })
  expect(Object.keys(others).filter((name) => /USER|DOMAIN/.test(name))).toEqual([])
  expect(secrets).toEqual(['pässword 1', obscured])
  await remove()
  rmSync(folder, { recursive: true, force: true })
})
