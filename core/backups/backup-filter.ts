import { type Environment, type Presence, Prisma, type RunState, type Verification } from '@/lib/db'

/** Which backups a list, an export or a count is about; what is not given does not matter. */
export type BackupFilter = {
  /** slug */
  instance?: string | undefined
  environment?: Environment | undefined
  /** slug */
  plan?: string | undefined
  state?: RunState | undefined
  /** of one copy; together with `verification` of the same one. What lies whole elsewhere is not absent, left over or pruned */
  presence?: Presence | undefined
  verification?: Verification | undefined
  pinned?: boolean | undefined
  /** due or asked for at this moment or later */
  from?: Date | undefined
  /** … and before this one */
  until?: Date | undefined
  /** part of the instance's or plan's name, the folder, the problem, the pin's reason, or the beginning of the id */
  text?: string | undefined
}

/**
 * The filter as a condition on the table Backup, named `b`. A plus before a column keeps SQLite from an index of that column: it
 * walks the list's index instead, which is in the list's order and holds all that is asked for.
 */
export function conditionOf(filter: BackupFilter): Prisma.Sql {
  const { instance, environment, plan, state, pinned, from, until, text } = filter
  return Prisma.join(
    [
      Prisma.sql`TRUE`,
      ...(instance ? [Prisma.sql`b.instanceId IN (SELECT id FROM Instance WHERE slug = ${instance})`] : []),
      ...(environment
        ? [Prisma.sql`+b.instanceId IN (SELECT id FROM Instance WHERE environment = ${environment})`]
        : []),
      ...(plan ? [Prisma.sql`b.planSlug = ${plan}`] : []),
      ...(state ? [Prisma.sql`+b.state = ${state}`] : []),
      ...(pinned === undefined ? [] : [pinned ? pinHolds(new Date()) : Prisma.sql`NOT ${pinHolds(new Date())}`]),
      ...(from ? [Prisma.sql`b.requestedAt >= ${from}`] : []),
      ...(until ? [Prisma.sql`b.requestedAt < ${until}`] : []),
      ...copyCondition(filter),
      ...(text ? [textCondition(text)] : []),
    ],
    ' AND ',
  )
}

/** The rule of is-pinned.ts. */
function pinHolds(now: Date): Prisma.Sql {
  return Prisma.sql`(b.pinnedAt IS NOT NULL AND (b.pinnedUntil IS NULL OR b.pinnedUntil > ${now}))`
}

function copyCondition({ presence, verification }: BackupFilter): Prisma.Sql[] {
  if (!presence && !verification) return []
  const conditions = [
    ...(presence ? [Prisma.sql`presence = ${presence}`] : []),
    ...(verification ? [Prisma.sql`verification = ${verification}`] : []),
  ]
  const isNowhere = presence === 'absent' || presence === 'leftover' || presence === 'pruned'
  return [
    Prisma.sql`+b.id IN (SELECT backupId FROM Copy WHERE ${Prisma.join(conditions, ' AND ')})`,
    ...(isNowhere ? [Prisma.sql`+b.id NOT IN (SELECT backupId FROM Copy WHERE presence = 'present')`] : []),
  ]
}

function textCondition(text: string): Prisma.Sql {
  const literal = text.replace(/[\\%_]/g, '\\$&')
  const anywhere = `%${literal}%`
  const like = (column: Prisma.Sql, pattern = anywhere) => Prisma.sql`${column} LIKE ${pattern} ESCAPE '\\'`
  const inInstance = Prisma.sql`${like(Prisma.sql`name`)} OR ${like(Prisma.sql`slug`)}`
  return Prisma.sql`(${Prisma.join(
    [
      Prisma.sql`+b.instanceId IN (SELECT id FROM Instance WHERE ${inInstance})`,
      Prisma.sql`+b.planId IN (SELECT id FROM Plan WHERE ${like(Prisma.sql`name`)})`,
      like(Prisma.sql`b.planSlug`),
      like(Prisma.sql`b.id`, `${literal}%`),
      like(Prisma.sql`b.folder`),
      like(Prisma.sql`b.problem ->> 'text'`),
      like(Prisma.sql`b.pinReason`),
    ],
    ' OR ',
  )})`
}
