import type { Metadata } from 'next'
import Link from 'next/link'
import { timeZones } from '@/app/(admin)/plans/time-zones'
import { makeRefreshAction } from '@/app/(admin)/refreshes/actions'
import { RefreshSchedule } from '@/app/(admin)/refreshes/refresh-schedule'
import { authorizePage } from '@/app/authorize-page'
import { orNotFound } from '@/app/or-not-found'
import { ActionForm } from '@/components/form/action-form'
import { TextField } from '@/components/form/fields'
import { SubmitButton } from '@/components/form/submit-button'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { getRepeatable } from '@/core/refreshes/get-repeatable'
import type { Repeatable } from '@/core/refreshes/repeatable'
import { idSchema } from '@/protocol/names'

export const metadata: Metadata = { title: 'Repeat a restore' }

/** `?restore=<id>` says which one is repeated. */
export default async function NewRefreshPage({
  searchParams,
}: {
  searchParams: Promise<{ restore?: string | string[] }>
}) {
  await authorizePage('administer')
  const restoreId = idSchema.safeParse((await searchParams).restore)
  const found = restoreId.success ? await orNotFound(getRepeatable(restoreId.data)) : null
  return (
    <>
      <PageHeader
        title="Repeat a restore"
        breadcrumbs={[{ label: 'Restores', href: '/restores' }]}
        description="A refresh brings the newest good backup of another instance on a schedule, as the restore that it repeats did."
      />
      {!restoreId.success && <Unchosen />}
      {found && 'problem' in found && <ProblemAlert problem={found.problem} title="This restore cannot be repeated" />}
      {found && 'plan' in found && <RefreshForm restoreId={String(restoreId.data)} repeatable={found} />}
    </>
  )
}

function RefreshForm({
  restoreId,
  repeatable: { instance, plan, request },
}: {
  restoreId: string
  repeatable: Repeatable
}) {
  return (
    <Card className="max-w-2xl">
      <ActionForm action={makeRefreshAction}>
        <input type="hidden" name="restoreId" value={restoreId} />
        <p className="text-sm">
          Each time, the data of <strong>{instance.name}</strong> is exchanged for the newest good backup of{' '}
          <strong>{plan.instanceName}</strong> by {plan.name}
          {request.fixUps ? ', with the fix-ups as they are then' : ', without fix-ups'}
          {request.inPlace.safety ? ', after a safety backup.' : '. No safety backup is made of it.'}
        </p>
        <p className="text-muted text-sm">
          What the last run keeps beside, and what the restore that is repeated does, is dropped right before the next:
          until then it can be undone. A run that cannot begin within two hours of its time is left out, and told of.
        </p>
        <RefreshSchedule cron="0 3 * * 0" timeZone={instance.timeZone ?? 'UTC'} timeZones={timeZones()} />
        <TextField
          name="typedSlug"
          label={`Type ${instance.slug}, since from then on its data is exchanged by itself`}
          spellCheck={false}
          autoCapitalize="none"
        />
        <SubmitButton>Make the refresh</SubmitButton>
      </ActionForm>
    </Card>
  )
}

function Unchosen() {
  return (
    <Card>
      <EmptyState
        title="Choose a restore first"
        action={
          <Button asChild variant="primary">
            <Link href="/restores">To the restores</Link>
          </Button>
        }
      >
        A refresh repeats what you have seen succeed. Restore another instance in place once, then choose “Repeat on a
        schedule” on the page of that restore.
      </EmptyState>
    </Card>
  )
}
