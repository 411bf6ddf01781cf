import type { Prisma } from '@/lib/db'

/** A backup that may be copied to another remote: complete, with a manifest that is known here, and not a stranger's. */
export const isCopyable = {
  state: { in: ['succeeded', 'warning'] },
  manifestSha256: { not: null },
  folder: { not: null },
  origin: { not: 'foreign' },
} satisfies Prisma.BackupWhereInput
