import type { Prisma } from '@/lib/db'

/** A backup that counts: it ended well, control signed its manifest, and it is neither foreign nor a restore's safety net. */
export const isGood = {
  state: { in: ['succeeded', 'warning'] },
  manifestSha256: { not: null },
  kind: { not: 'safety' },
  origin: { not: 'foreign' },
} satisfies Prisma.BackupWhereInput
