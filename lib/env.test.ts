import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseControlPlaneEnv } from './env'

const good = {
  PUBLIC_URL: 'https://backups.example.org/',
  SEALING_KEY: Buffer.alloc(32, 7).toString('base64'),
  AUTH_SECRET: 'x'.repeat(40),
  REDIS_URL: 'redis://app:secret@127.0.0.1:6379',
}

describe('settings', () => {
  it('are read with defaults, and workers are never told the credentials of REDIS_URL', () => {
    const env = parseControlPlaneEnv(good)
    expect(env.publicUrl).toBe('https://backups.example.org')
    expect(env.redisWorkerUrl).toBe('redis://127.0.0.1:6379')
    expect(env.databaseFile).toMatch(/\/data\/talekeeper\.db$/)
  })

  it('are refused all at once, each with what to do, and without repeating a secret', () => {
    const attempt = () => parseControlPlaneEnv({ ...good, SEALING_KEY: 'hunter2', REDIS_URL: undefined })
    expect(attempt).toThrow(/SEALING_KEY must be 32 bytes[\s\S]*openssl[\s\S]*REDIS_URL is missing/)
    expect(attempt).not.toThrow(/hunter2/)
  })

  it('may stand in files', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'env-')), 'key')
    writeFileSync(file, `${good.SEALING_KEY}\n`)
    expect(parseControlPlaneEnv({ ...good, SEALING_KEY: undefined, SEALING_KEY_FILE: file }).sealingKey[0]).toBe(7)
    expect(() => parseControlPlaneEnv({ ...good, SEALING_KEY_FILE: file })).toThrow(
      /Both SEALING_KEY and SEALING_KEY_FILE/,
    )
  })
})
