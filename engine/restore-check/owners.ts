import { CommandNotFound, runCommand } from '@/lib/command'
import type { CheckRestoreSpec } from '@/protocol/specs'
import type { Finding } from './check-lines'

/** Whether files can be given back to their owners, and whether this host knows these by name. */
export async function checkOwners(
  { owners, instance, backup }: Pick<CheckRestoreSpec, 'owners' | 'instance' | 'backup'>,
  signal: AbortSignal,
): Promise<Finding> {
  if (process.getuid?.() !== 0)
    return {
      level: 'amber',
      text: 'This worker does not run as root: what belonged to others will belong to the worker’s own user.',
      action: 'Run the worker as root, or accept that the comparison names those files as different.',
    }
  const unknown = [
    ...(await unknownTo('passwd', new Set(owners.map(({ uid }) => uid)), signal)).map((id) => `user ${id}`),
    ...(await unknownTo('group', new Set(owners.map(({ gid }) => gid)), signal)).map((id) => `group ${id}`),
  ]
  const isSame = instance.id === backup.instance.id
  if (unknown.length === 0 || isSame)
    return `Files come back with their owners, by number${unknown.length > 0 ? `. This host has no name for ${unknown.join(', ')}, as is usual for what containers write` : ''}.`
  return {
    level: 'amber',
    text: `This host has no ${unknown.slice(0, 10).join(', ')}. Files come back under these numbers, which may be somebody else’s one day.`,
    action: 'Make these users, or change the owners after the restore (Whole Tale’s are 999:999).',
  }
}

async function unknownTo(database: 'passwd' | 'group', ids: Set<number>, signal: AbortSignal): Promise<number[]> {
  const unknown: number[] = []
  try {
    for (const id of ids) {
      const { exitCode } = await runCommand('getent', { arguments: [database, String(id)], signal })
      if (exitCode === 2) unknown.push(id)
    }
  } catch (error) {
    if (!(error instanceof CommandNotFound)) throw error
  }
  return unknown
}
