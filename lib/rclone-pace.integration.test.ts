import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCommand } from './command'
import { bandwidthPace, callPace } from './rclone-pace'

test('of the remote’s timetable and the plan’s limit the lower holds at each hour', () => {
  const bandwidth = '08:00,512K 19:00,10M Sat-00:00,off 23:00,20M:1K'
  expect(bandwidthPace({ bandwidth }, 1024 ** 2)).toEqual([
    '--bwlimit=08:00,524288B 19:00,1048576B Sat-00:00,1048576B 23:00,1048576B:1024B',
  ])
  expect(bandwidthPace({ bandwidth }, null)).toEqual([`--bwlimit=${bandwidth}`])
  expect(bandwidthPace({}, 2048)).toEqual(['--bwlimit=2048B'])
  expect(bandwidthPace({}, null)).toEqual([])
})

test('rclone takes all these flags', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'talekeeper-pace-'))
  writeFileSync(join(folder, 'from'), 'content')
  const pace = { bandwidth: 'Mon-08:00,512K 19:00,10M:1M 23:00,off', transfers: 3, callsPerSecond: 0.5 }
  for (const limit of [null, 2048]) {
    const flags = [...callPace(pace), ...bandwidthPace(pace, limit)]
    const result = await runCommand('rclone', {
      arguments: ['copyto', ...flags, join(folder, 'from'), join(folder, 'to')],
      environment: { RCLONE_CONFIG: '' },
    })
    expect([result.exitCode, result.stderr.replace(/^.*NOTICE.*$/gm, '').trim()]).toEqual([0, ''])
  }
  rmSync(folder, { recursive: true })
})
