import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db } from '@/lib/db'
import { obscure } from '@/lib/rclone-obscure'
import { obscuredOptions, type Remote } from '@/protocol/remotes'
import { toRemote } from './remote-spec'

/** Backend types that rclone’s file knows by another name than ours. */
const typeNames: Record<string, string> = { gcs: 'google cloud storage' }

/**
 * All remotes as an rclone.conf, secrets among them: whoever has it can do with the backups what the workers can. Tokens of
 * connections stay here. Audited.
 */
export async function exportRemotes(actor: Actor, now = new Date()): Promise<string> {
  return db().$transaction(async (transaction) => {
    const rows = await transaction.remote.findMany({ orderBy: { slug: 'asc' } })
    await recordAuditEvent(transaction, {
      actor,
      action: 'remote.export',
      subject: { kind: 'remote', id: 'all' },
      detail: { remotes: rows.map(({ slug }) => slug) },
    })
    return [
      `# Remotes of Talekeeper, ${now.toISOString()}. Passwords are obscured, which everybody can undo: keep this file safe.`,
      ...rows.map((row) => sectionsOf(row.slug, toRemote(row))),
      '',
    ].join('\n\n')
  })
}

function sectionsOf(slug: string, remote: Remote): string {
  const { host_key: hostKey, ...options } = remote.options as Record<string, string | undefined>
  const name = remote.crypt ? `${slug}-below` : slug
  const notes = [
    `# backups lie below ${remote.crypt ? `${slug}:` : `${slug}:${remote.baseFolder}`}`,
    ...(hostKey ? [`# host key: ${hostKey.replaceAll('\n', ', ')}`] : []),
    ...('connectionId' in remote ? [`# sign in before use: rclone config reconnect ${name}:`] : []),
  ]
  const lines = Object.entries(options).flatMap(([option, value]) =>
    value === undefined || value === '' ? [] : [`${option} = ${textOf(remote, option, value)}`],
  )
  return [
    ...notes,
    `[${name}]`,
    `type = ${typeNames[remote.backend] ?? remote.backend}`,
    ...lines,
    ...cryptSection(slug, name, remote),
  ].join('\n')
}

function textOf(remote: Remote, option: string, value: string): string {
  if (obscuredOptions(remote.backend).includes(option)) return obscure(value)
  return option === 'key_pem' ? value.trim().replaceAll('\n', '\\n') : value.replaceAll(/\s*\n\s*/g, ' ')
}

function cryptSection(slug: string, base: string, { crypt, baseFolder }: Remote): string[] {
  if (!crypt) return []
  return [
    '',
    `[${slug}]`,
    'type = crypt',
    `remote = ${base}:${baseFolder}`,
    `password = ${obscure(crypt.password)}`,
    ...(crypt.password2 ? [`password2 = ${obscure(crypt.password2)}`] : []),
    `filename_encryption = ${crypt.names}`,
    `directory_name_encryption = ${crypt.folders}`,
    `filename_encoding = ${crypt.encoding}`,
  ]
}
