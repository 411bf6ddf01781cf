import type { GenericBackend } from '@/protocol/generic-backends'

/** What people call an option, and what they should know of it. */
type FriendlyOption = { label: string; hint?: string; choices?: { value: string; label: string }[] }

const yes = [
  { value: '', label: 'No' },
  { value: 'true', label: 'Yes' },
]

/** The few settings that a usual remote of these kinds needs, in the order in which one asks for them. */
export const friendlyOptions: Partial<Record<GenericBackend, Record<string, FriendlyOption>>> = {
  b2: {
    account: {
      label: 'Key id',
      hint: 'Of an application key made for this bucket alone; the master key opens all buckets.',
    },
    key: { label: 'Application key' },
    hard_delete: {
      label: 'Delete for good',
      hint: 'Otherwise B2 hides deleted backups and goes on charging for them until a lifecycle rule removes them.',
      choices: yes,
    },
  },
  smb: {
    host: { label: 'Host' },
    port: { label: 'Port', hint: '445 when empty.' },
    user: { label: 'User' },
    pass: { label: 'Password' },
    domain: { label: 'Domain', hint: 'WORKGROUP when empty.' },
  },
  ftp: {
    host: { label: 'Host' },
    port: { label: 'Port', hint: '21 when empty.' },
    user: { label: 'User' },
    pass: { label: 'Password' },
    explicit_tls: {
      label: 'Encrypt the connection (FTPES)',
      hint: 'Without it, password and backups travel in the clear.',
      choices: yes,
    },
  },
}

export const friendlyGeneric = Object.keys(friendlyOptions) as GenericBackend[]
