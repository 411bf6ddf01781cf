import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { chooseBackupFolder, folderName } from './backup-folder'
import { localRemote, temporaryFolder } from './loopback-servers'
import { RemoteStore } from './remote-store'

it('a backup never shares a folder: the name is its UTC start and plan, with a suffix where that is taken', async () => {
  const trial = localRemote()
  const work = temporaryFolder()
  const { signal } = new AbortController()
  const store = await RemoteStore.open(trial.remote, {
    temporaryFolder: work,
    signal,
    bytesPerSecond: null,
    log: () => {},
  })
  const start = new Date('2026-03-09T23:04:05.678Z')
  const choose = async () => {
    const folder = await chooseBackupFolder(store, 'wt-test', 'nightly', start)
    mkdirSync(join(trial.folder, 'wt-test', folder), { recursive: true })
    return folder
  }
  expect([await choose(), await choose(), await choose()]).toEqual([
    '20260309/230405Z-nightly',
    '20260309/230405Z-nightly-2',
    '20260309/230405Z-nightly-3',
  ])
  expect(folderName('p', start)).toEqual({ day: '20260309', name: '230405Z-p' })
  await trial.stop()
  rmSync(work, { recursive: true })
})
