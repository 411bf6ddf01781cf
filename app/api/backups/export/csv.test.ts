import { expect, it } from 'vitest'
import type { ExportedBackup } from '@/core/backups/export-backups'
import { csvHead, csvRow } from './csv'

const backup: ExportedBackup = {
  id: 'b',
  instance: 'wt-prod',
  instanceName: 'Whole Tale',
  environment: 'production',
  plan: 'nightly',
  kind: 'scheduled',
  state: 'failed',
  plannedAt: null,
  requestedAt: '2027-03-01T01:30:00.000Z',
  startedAt: null,
  finishedAt: null,
  durationSeconds: null,
  bytes: 5,
  rawBytes: 8,
  warningCount: 0,
  folder: null,
  manifestSha256: null,
  copies: [{ remote: 'box', presence: 'present', verification: 'uploaded', verifiedAt: null }],
  pinnedAt: null,
  pinnedUntil: null,
  pinReason: null,
  problem: null,
}

const fieldsOf = (change: Partial<ExportedBackup>) => csvRow({ ...backup, ...change })

it('CSV follows RFC 4180: CRLF, quotes doubled, and as many fields as the head has', () => {
  const row = fieldsOf({ problem: 'He said "no",\nand left' })
  expect(row.endsWith(',"He said ""no"",\nand left"\r\n')).toBe(true)
  expect(row).toContain('"box: present, uploaded"')
  expect(fieldsOf({}).split(/,(?! )/)).toHaveLength(csvHead.split(',').length)
})

it('no text of somebody else becomes a formula in a spreadsheet', () => {
  for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1', '=HYPERLINK("http://x","y")'])
    expect(fieldsOf({ pinReason: text })).toMatch(/,"?'[\s=+\-@＝]/)
  expect(fieldsOf({ pinReason: 'a = b' })).toContain(',a = b,')
})
