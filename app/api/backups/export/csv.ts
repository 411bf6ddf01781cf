import type { ExportedBackup } from '@/core/backups/export-backups'

const columns: Record<string, (backup: ExportedBackup) => string | number | null> = {
  id: ({ id }) => id,
  instance: ({ instance }) => instance,
  'instance name': ({ instanceName }) => instanceName,
  environment: ({ environment }) => environment,
  plan: ({ plan }) => plan,
  kind: ({ kind }) => kind,
  state: ({ state }) => state,
  'planned at': ({ plannedAt }) => plannedAt,
  'requested at': ({ requestedAt }) => requestedAt,
  'started at': ({ startedAt }) => startedAt,
  'finished at': ({ finishedAt }) => finishedAt,
  'duration in seconds': ({ durationSeconds }) => durationSeconds,
  bytes: ({ bytes }) => bytes,
  'raw bytes': ({ rawBytes }) => rawBytes,
  warnings: ({ warningCount }) => warningCount,
  folder: ({ folder }) => folder,
  'manifest SHA-256': ({ manifestSha256 }) => manifestSha256,
  copies: ({ copies }) =>
    copies.map(({ remote, presence, verification }) => `${remote}: ${presence}, ${verification}`).join('; '),
  'pinned at': ({ pinnedAt }) => pinnedAt,
  'pinned until': ({ pinnedUntil }) => pinnedUntil,
  'pin reason': ({ pinReason }) => pinReason,
  problem: ({ problem }) => problem,
}

/** RFC 4180: the names of the columns. */
export const csvHead = csvLine(Object.keys(columns))

/** RFC 4180: one backup. */
export function csvRow(backup: ExportedBackup): string {
  return csvLine(Object.values(columns).map((read) => read(backup)))
}

function csvLine(values: (string | number | null)[]): string {
  return `${values.map(csvField).join(',')}\r\n`
}

function csvField(value: string | number | null): string {
  if (typeof value !== 'string') return String(value ?? '')
  const harmless = isFormula(value) ? `'${value}` : value
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

/** A spreadsheet runs a field that begins so, whoever wrote the text: OWASP's list, and the same signs in full width. */
function isFormula(text: string): boolean {
  return /^[\s]*[=+\-@＝＋－＠]|^[\t\r\n]/.test(text)
}
