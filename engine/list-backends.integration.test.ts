import { describe, expect, it } from 'vitest'
import { genericBackends } from '@/protocol/generic-backends'
import { listBackends } from './list-backends'

const context = { signal: new AbortController().signal }

describe('what a worker’s rclone says of a backend', () => {
  it('are help, type and default of the options that are passed on, and of no other', async () => {
    const { version, description, options } = await listBackends('smb', context)
    expect(version).toMatch(/^\d+\.\d+/)
    expect(description).toBeTruthy()
    expect(options.find(({ name }) => name === 'host')).toMatchObject({
      required: true,
      advanced: false,
      type: 'string',
    })
    expect(options.find(({ name }) => name === 'port')?.default).toBe('445')
    expect(options.find(({ name }) => name === 'pass')).toBeDefined()
    const sftp = (await listBackends('sftp', context)).options.map(({ name }) => name)
    expect(sftp).toContain('disable_hashcheck')
    for (const name of ['key_file', 'md5sum_command', 'server_command', 'known_hosts_file'])
      expect(sftp).not.toContain(name)
  })

  it('tells each option once, and knows by its own name what rclone calls otherwise', async () => {
    const names = (await listBackends('s3', context)).options.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect((await listBackends('gcs', context)).description).toBeTruthy()
  })

  it('is null of a backend that this rclone does not have, and of the others fits an answer', async () => {
    const missing: string[] = []
    for (const backend of genericBackends) {
      const { description, options } = await listBackends(backend, context)
      if (description === null) missing.push(backend)
      else expect(options.length, backend).toBeGreaterThan(0)
    }
    expect(missing).not.toContain('b2')
  })
})
