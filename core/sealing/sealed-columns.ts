/** Every column that holds sealed values; the place that a value is bound to is its table, its row's id and the column. */
export const sealedColumns = [
  { table: 'Remote', column: 'secrets' },
  { table: 'Remote', column: 'keeper' },
  { table: 'Source', column: 'secrets' },
  { table: 'SigningKey', column: 'privateKey' },
  { table: 'Ask', column: 'spec' },
  { table: 'Connection', column: 'secrets' },
  { table: 'Connection', column: 'tokens' },
  { table: 'ConnectAttempt', column: 'verifier' },
  { table: 'Channel', column: 'secrets' },
  { table: 'Ping', column: 'url' },
  { table: 'FixUpProfile', column: 'secrets' },
  { table: 'Restore', column: 'fixUpSecrets' },
  { table: 'Migration', column: 'connection' },
] as const

export type SealedColumn = { table: string; column: string }
