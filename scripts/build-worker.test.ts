import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

let folder: string
let file: string

beforeAll(() => {
  expect(spawnSync(process.execPath, ['scripts/build-worker.mjs']).stderr.toString()).toBe('')
  folder = mkdtempSync(join(tmpdir(), 'talekeeper-bundle-'))
  file = join(folder, 'talekeeper-worker')
  copyFileSync('dist/talekeeper-worker.mjs', file.concat('.mjs'))
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function worker(...args: string[]) {
  const result = spawnSync(`${file}.mjs`, args, { cwd: folder, encoding: 'utf8' })
  return { exitCode: result.status, stdout: result.stdout, stderr: result.stderr }
}

test('promise: the worker is one executable file that runs where there is no node_modules', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  expect(statSync(`${file}.mjs`).mode & 0o111).toBe(0o111)
  expect(worker('--version')).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' })
  const help = worker('--help')
  expect(help.exitCode).toBe(0)
  for (const command of ['enroll', 'run', 'doctor', 'backup', 'restore']) expect(help.stdout).toContain(command)
  const examined = worker('doctor', '--json', '--state', join(folder, 'state'), '--policy', join(folder, 'policy.json'))
  expect(examined.exitCode).toBe(1)
  expect(JSON.parse(examined.stdout)).toMatchObject({ version, ok: false })
})

test('wrong usage is exit code 2, a failure is 1, both in words and without a stack trace', () => {
  for (const args of [['backpu'], ['enroll'], ['run', '--nonsense'], ['doctor', 'x', 'y']])
    expect(worker(...args).exitCode).toBe(2)
  const failed = worker('run', '--state', join(folder, 'state'), '--policy', join(folder, 'policy.json'))
  expect(failed.exitCode).toBe(1)
  expect(failed.stderr).toContain('Error: This host is not enrolled yet.')
  expect(failed.stderr).not.toMatch(/\n\s+at /)
})

test('promise: neither the database nor its driver are in the worker', () => {
  const text = readFileSync('dist/talekeeper-worker.mjs', 'utf8')
  for (const module of ['better-sqlite3', '@prisma/client', 'next/dist']) expect(text).not.toContain(module)
})
