import { olderRestoreHref } from '@/core/restores/older-draft'
import type { Db } from '@/lib/db'

export type PicturedPage = { name: string; path: string }

/** Every page of the dashboard, with something to see on it. */
export async function listPages(db: Db): Promise<PicturedPage[]> {
  const ofInstance = { instance: { slug: 'wt-prod' } }
  const plan = await db.plan.findFirstOrThrow({ where: ofInstance })
  const heldPlan = await db.plan.findFirstOrThrow({ where: { heldAt: { not: null } } })
  const remote = await db.remote.findFirstOrThrow()
  const source = await db.source.findFirstOrThrow({ where: ofInstance })
  const worker = await db.worker.findFirstOrThrow({ where: ofInstance })
  const newest = (where: object) => db.backup.findFirstOrThrow({ where, orderBy: { sequence: 'desc' } })
  const done = await newest({ ...ofInstance, state: 'succeeded', kind: 'scheduled' })
  const running = await newest({ state: 'running' })
  const failed = await newest({ state: 'failed' })
  const connection = await db.connection.findFirstOrThrow()
  const channel = await db.channel.findFirstOrThrow()
  const incident = await db.incident.findFirstOrThrow()
  const restore = await db.restore.findFirstOrThrow({ orderBy: { requestedAt: 'desc' } })
  const stranger = await db.stranger.findFirstOrThrow({ where: { inspection: { remoteId: remote.id } } })
  const olderName = `home-${stranger.folder}.tgz`
  const migration = await db.migration.findFirstOrThrow()
  const refresh = await db.refresh.findFirstOrThrow()
  const exchanged = await db.restore.findFirstOrThrow({ where: { instance: { slug: 'wt-dev' } } })
  return [
    { name: 'overview', path: '/' },
    { name: 'instances', path: '/instances' },
    { name: 'instance', path: '/instances/wt-prod' },
    { name: 'instance-edit', path: '/instances/wt-prod/edit' },
    { name: 'instance-fix-ups', path: '/instances/wt-prod/fix-ups' },
    { name: 'instance-new', path: '/instances/new' },
    { name: 'worker', path: `/instances/wt-prod/workers/${worker.slug}` },
    { name: 'worker-new', path: '/instances/wt-prod/workers/new' },
    { name: 'source', path: `/instances/wt-prod/sources/${source.slug}` },
    { name: 'source-new', path: '/instances/wt-prod/sources/new' },
    { name: 'plans', path: '/plans' },
    { name: 'plan', path: `/plans/${plan.id}` },
    { name: 'plan-held', path: `/plans/${heldPlan.id}` },
    { name: 'plan-edit', path: `/plans/${plan.id}/edit` },
    { name: 'plan-new', path: '/plans/new' },
    { name: 'calendar', path: '/plans/calendar' },
    { name: 'backups', path: '/backups' },
    { name: 'backup', path: `/backups/${done.id}` },
    { name: 'backup-running', path: `/backups/${running.id}` },
    { name: 'backup-failed', path: `/backups/${failed.id}` },
    { name: 'backup-files', path: `/backups/${done.id}/files` },
    { name: 'backup-restore', path: `/backups/${done.id}/restore` },
    { name: 'restores', path: '/restores' },
    { name: 'restore', path: `/restores/${restore.id}` },
    { name: 'receipt', path: `/restores/${restore.id}/receipt` },
    { name: 'migration-new', path: `/migrations/new?backup=${done.id}` },
    { name: 'migration', path: `/migrations/${migration.id}` },
    { name: 'refresh', path: `/refreshes/${refresh.id}` },
    { name: 'refresh-new', path: `/refreshes/new?restore=${exchanged.id}` },
    { name: 'remotes', path: '/remotes' },
    { name: 'remote', path: `/remotes/${remote.id}` },
    {
      name: 'older-restore',
      path: olderRestoreHref({ remoteId: remote.id, instanceSlug: 'wt-prod', day: stranger.folder, name: olderName }),
    },
    { name: 'remote-new', path: '/remotes/new' },
    { name: 'rclone-conf', path: '/remotes/rclone-conf' },
    { name: 'connections', path: '/connections' },
    { name: 'connection', path: `/connections/${connection.id}` },
    { name: 'connection-new', path: '/connections/new' },
    { name: 'incidents', path: '/incidents' },
    { name: 'incident', path: `/incidents/${incident.id}` },
    { name: 'alerts', path: '/alerts' },
    { name: 'channel', path: `/alerts/${channel.id}` },
    { name: 'channel-new', path: '/alerts/new' },
    { name: 'recovery-kit', path: '/recovery-kit' },
    { name: 'audit', path: '/audit' },
    { name: 'account', path: '/account' },
  ]
}
