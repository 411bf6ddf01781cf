import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allowedOptions, requiredOptions } from './advanced-options'
import { genericBackends } from './generic-backends'
import { refusalReason } from './option-refusals'
import { backends, obscuredOptions, remoteSchema, secretOptions } from './remotes'

const id = '5a3c9d0e-6f1b-4c2d-8e7f-90a1b2c3d4e5'

/** What `rclone config providers` (1.60 to 1.76) has that runs programs, touches files of the host, or takes its identity from there. */
const harmful = [
  ...['ssh', 'server_command', 'subsystem', 'shell_type', 'set_env', 'md5sum_command', 'sha1sum_command'],
  ...['bearer_token_command', 'metadata_mapper', 'use_az', 'env_auth', 'use_msi', 'msi_object_id', 'key_use_agent'],
  ...[
    'key_file',
    'pubkey_file',
    'known_hosts_file',
    'service_account_file',
    'box_config_file',
    'shared_credentials_file',
  ],
  ...['profile', 'service_principal_file', 'client_certificate_path', 'kerberos_ccache', 'unix_socket', 'config_file'],
  ...['token_url', 'auth_url', 'refresh_token', 'client_credentials', 'db_path', 'chunk_path', 'tmp_upload_path'],
  ...['ask_password', 'service_principal_name', 'use_kerberos', 'use_emulator', 'remote', 'upstreams', 'type'],
]

describe('options that are refused', () => {
  it.each(backends)('none that could do harm is allowed for %s', (backend) => {
    const { plain, secret, password } = allowedOptions[backend]
    for (const name of [...plain, ...secret, ...password]) {
      expect(harmful).not.toContain(name)
      expect(name).not.toMatch(/_file$|_command$|_path$|^ssh$/)
    }
  })

  it('whatever else is named is refused, and the refusal names it', () => {
    const generic = fc.constantFrom(...genericBackends)
    const names = fc.oneof(fc.constantFrom(...harmful), fc.stringMatching(/^[a-z_]{1,20}$/))
    fc.assert(
      fc.property(generic, names, fc.string({ maxLength: 40 }), (backend, name, value) => {
        const { plain, secret, password } = allowedOptions[backend]
        fc.pre(name !== '__proto__' && ![...plain, ...secret, ...password].includes(name))
        const parsed = remoteSchema.safeParse({ id, backend, baseFolder: 'WT', options: { [name]: value } })
        expect(parsed.success).toBe(false)
        expect(parsed.error?.issues.map(({ path, message }) => [path.join('.'), message])).toContainEqual([
          `options.${name}`,
          `The option ${name} ${refusalReason(name)}.`,
        ])
      }),
    )
  })

  it.each(['constructor', 'toString', 'hasOwnProperty'])('refuses %s, which every object seems to have', (name) => {
    for (const backend of genericBackends) {
      const options = { [name]: 'x' }
      expect(Object.keys(options)).toEqual([name])
      const { error } = remoteSchema.safeParse({ id, backend, baseFolder: 'WT', options })
      expect(error?.issues.map(({ path }) => path.join('.'))).toEqual([`options.${name}`])
    }
  })

  it('passes no __proto__ on, which JSON may hold', () => {
    const parsed = remoteSchema.parse({
      ...{ id, backend: 'local', baseFolder: '/WT' },
      options: JSON.parse('{"__proto__": {"ssh": "program"}}'),
    })
    expect(Object.getOwnPropertyNames(parsed.options)).toEqual([])
    expect('ssh' in parsed.options).toBe(false)
  })

  it('says why in words of each kind', () => {
    expect(refusalReason('bearer_token_command')).toContain('runs a program')
    expect(refusalReason('key_file')).toContain('file of the worker’s host')
    expect(refusalReason('env_auth')).toContain('environment')
    expect(refusalReason('token')).toContain('connection')
    expect(refusalReason('nonsense')).toContain('not known')
  })

  it('takes a Google key only of a service account: other types name programs to run', () => {
    const of = (type: string) =>
      remoteSchema.safeParse({
        ...{ id, backend: 'gcs', baseFolder: 'bucket/WT' },
        options: { service_account_credentials: JSON.stringify({ type, credential_source: {} }, null, 1) },
      }).success
    expect(of('service_account')).toBe(true)
    expect(of('external_account')).toBe(false)
  })
})

it('what must be filled in, and what rclone wants obscured, is allowed and sealed', () => {
  for (const backend of genericBackends) {
    const { plain, secret, password } = allowedOptions[backend]
    const all = [...plain, ...secret, ...password]
    expect(new Set(all).size, backend).toBe(all.length)
    for (const name of requiredOptions(backend)) expect(all, backend).toContain(name)
    for (const name of obscuredOptions(backend)) expect(secretOptions(backend)).toContain(name)
  }
})
