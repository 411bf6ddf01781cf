import { Problem } from '@/protocol/problem'
import type { Reconciliation } from '@/protocol/reconciliation'
import { getRestore } from './get-restore'

/** How a restored database and its files fit together. Throws Problem `not-found`. */
export async function getReconciliation(id: string): Promise<Reconciliation> {
  const { tasks } = await getRestore(id)
  const found = tasks.find(({ reconciliation }) => reconciliation !== null)?.reconciliation
  if (found) return found
  throw new Problem({
    code: 'not-found',
    text: 'Of this restore nobody has looked whether database and files fit together.',
    action: 'Restore Girder’s database and whole trees together; it is looked at then.',
  })
}

/** Two columns. A value never begins as a formula, which a spreadsheet would run. */
export function toCsv({ absent, stray }: Pick<Reconciliation, 'absent' | 'stray'>): string {
  const rows = [
    ['kind', 'path'],
    ...absent.map((path) => ['absent', path]),
    ...stray.map((path) => ['home without a document', path]),
  ]
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return `"${safe.replaceAll('"', '""')}"`
}
