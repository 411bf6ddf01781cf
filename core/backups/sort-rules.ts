/** The columns that the list of backups can be sorted by. */
export const backupSorts = ['when', 'instance', 'state', 'took', 'size'] as const
export type BackupSort = (typeof backupSorts)[number]
export type BackupOrder = { by: BackupSort; direction: 'ascending' | 'descending' }

/** How a column stands when it is sorted by for the first time; states worst first. */
export const firstDirections: Record<BackupSort, BackupOrder['direction']> = {
  when: 'descending',
  instance: 'ascending',
  state: 'ascending',
  took: 'descending',
  size: 'descending',
}

export const newestFirst: BackupOrder = { by: 'when', direction: 'descending' }
