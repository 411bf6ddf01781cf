import { Play } from 'lucide-react'
import type { Metadata } from 'next'
import { timeZones } from '@/app/(admin)/plans/time-zones'
import {
  deleteRefreshAction,
  editRefreshAction,
  pauseRefreshAction,
  resumeRefreshAction,
  runRefreshAction,
} from '@/app/(admin)/refreshes/actions'
import { RefreshBadge } from '@/app/(admin)/refreshes/refresh-badge'
import { RefreshSchedule } from '@/app/(admin)/refreshes/refresh-schedule'
import { authorizePage } from '@/app/authorize-page'
import { may } from '@/app/may'
import { orNotFound } from '@/app/or-not-found'
import { ActionButton } from '@/components/form/action-button'
import { ActionForm } from '@/components/form/action-form'
import { ConfirmButton } from '@/components/form/confirm-button'
import { SubmitButton } from '@/components/form/submit-button'
import { LivePage } from '@/components/live/live-page'
import { Card } from '@/components/ui/card'
import { PageHeader } from '@/components/ui/page-header'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { readLiveState } from '@/core/live/read-live-state'
import { getRefresh, type RefreshDetail } from '@/core/refreshes/get-refresh'
import { RefreshFacts } from './refresh-facts'
import { RefreshRuns } from './refresh-runs'

export const metadata: Metadata = { title: 'Refresh' }

export default async function RefreshPage({ params }: { params: Promise<{ id: string }> }) {
  const actor = await authorizePage('view')
  const { version } = await readLiveState()
  const refresh = await orNotFound(getRefresh((await params).id))
  const { id, instance, standing, problem } = refresh
  const isFree = standing !== 'at-work' && standing !== 'beginning'
  return (
    <>
      <PageHeader
        title={`Refresh of ${instance.name}`}
        badge={<RefreshBadge standing={standing} />}
        breadcrumbs={[{ label: 'Restores', href: '/restores' }]}
        description="Its data is exchanged for the newest good backup of another instance, again and again."
        actions={
          <>
            {may(actor, 'administer') && <Administration refresh={refresh} />}
            {may(actor, 'operate') && isFree && (
              <ConfirmButton
                action={runRefreshAction}
                values={{ id }}
                variant="primary"
                danger={false}
                title={`Refresh ${instance.name} now?`}
                question="What its last run keeps beside is dropped. Then what writes there is stopped, and the data exchanged. It can be undone until the next run."
                confirmLabel="Run now"
              >
                <Play aria-hidden />
                Run now
              </ConfirmButton>
            )}
          </>
        }
      />
      <LivePage version={version} />
      <div className="space-y-6">
        {problem && <ProblemAlert problem={problem} title="It could not begin" />}
        <RefreshFacts refresh={refresh} />
        <RefreshRuns refresh={refresh} />
        {may(actor, 'administer') && (
          <Card title="Schedule" className="max-w-2xl">
            <ActionForm action={editRefreshAction}>
              <input type="hidden" name="id" value={id} />
              <RefreshSchedule cron={refresh.cron} timeZone={refresh.timeZone} timeZones={timeZones()} />
              <SubmitButton>Save</SubmitButton>
            </ActionForm>
          </Card>
        )}
      </div>
    </>
  )
}

function Administration({ refresh: { id, isPaused } }: { refresh: RefreshDetail }) {
  return (
    <>
      <ConfirmButton
        action={deleteRefreshAction}
        values={{ id }}
        title="Delete this refresh?"
        question="Nothing begins by it any more. Its restores stay, and what the last one keeps beside stays until somebody drops it."
        confirmLabel="Delete it"
      >
        Delete
      </ConfirmButton>
      {isPaused ? (
        <ActionButton action={resumeRefreshAction} values={{ id }}>
          Resume
        </ActionButton>
      ) : (
        <ActionButton action={pauseRefreshAction} values={{ id }}>
          Pause
        </ActionButton>
      )}
    </>
  )
}
