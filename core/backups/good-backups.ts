import type { Prisma } from '@/lib/db'

/** A backup that counts: it ended well, control signed its manifest, and it is not a restore's safety net. */
export const isGood = {
  state: { in: ['succeeded', 'warning'] },
  manifestSha256: { not: null },
  kind: { not: 'safety' },
} satisfies Prisma.BackupWhereInput
