import { ScanSearch } from 'lucide-react'
import Link from 'next/link'
import { checkRemoteAction } from '@/app/(admin)/inspections/actions'
import { FaultList } from '@/app/(admin)/inspections/fault-list'
import { FailedLook, OpenLook } from '@/app/(admin)/inspections/look-state'
import { ActionButton } from '@/components/form/action-button'
import { ActionForm } from '@/components/form/action-form'
import { SelectField } from '@/components/form/fields'
import { SubmitButton } from '@/components/form/submit-button'
import { Time } from '@/components/time'
import { Card } from '@/components/ui/card'
import { Notice } from '@/components/ui/notice'
import { listLookers } from '@/core/inspections/list-lookers'
import { listRemoteLooks, type RemoteLooks } from '@/core/inspections/list-remote-looks'
import { Strangers } from './strangers'

type Rights = { operates: boolean; administers: boolean }

/** What lies on a remote, compared with the catalogue: one card for each instance that uses it, and a way to look for another's. */
export async function LooksCards({ remoteId, ...rights }: { remoteId: string } & Rights) {
  const [looks, lookers] = await Promise.all([listRemoteLooks(remoteId), listLookers()])
  const others = lookers.filter(({ id }) => !looks.some(({ instance }) => instance.id === id))
  return (
    <>
      {looks.map((facts) => (
        <InstanceLooks key={facts.instance.id} remoteId={remoteId} facts={facts} {...rights} />
      ))}
      {rights.operates && others.length > 0 && <LookForOther remoteId={remoteId} others={others} />}
    </>
  )
}

function InstanceLooks({ remoteId, facts, operates, administers }: { remoteId: string; facts: RemoteLooks } & Rights) {
  const { instance, open, last, comparedAt, missing } = facts
  const values = { instanceId: instance.id, remoteId }
  return (
    <Card
      className="max-w-3xl"
      title={`Backups of ${instance.name}`}
      description={
        comparedAt ? (
          <>
            Compared with the catalogue <Time at={comparedAt} />
          </>
        ) : (
          'Not compared with the catalogue yet; it is once a day.'
        )
      }
      actions={
        operates &&
        !open && (
          <ActionButton action={checkRemoteAction} values={values} size="sm">
            <ScanSearch aria-hidden />
            Check now
          </ActionButton>
        )
      }
    >
      <div className="space-y-4">
        {open ? <OpenLook look={open} mayCancel={operates} /> : last && <FailedLook look={last} />}
        <p className="text-sm">{presentWords(facts)}</p>
        {missing.length > 0 && <Missing missing={missing} />}
        <Strangers facts={facts} values={values} mayAdopt={administers && !open} mayRestore={operates} />
      </div>
    </Card>
  )
}

function presentWords({ present, missing }: RemoteLooks): string {
  if (present + missing.length === 0) return 'The catalogue knows no backup here.'
  if (missing.length === 0)
    return `${present === 1 ? 'One backup is' : `${present} backups are`} there; none is missing.`
  return `${present} whole, as far as was looked; ${missing.length} missing or altered.`
}

function Missing({ missing }: { missing: RemoteLooks['missing'] }) {
  return (
    <Notice tone="bad" title="Missing or altered">
      <ul className="space-y-2">
        {missing.map(({ backupId, planSlug, at, faults }) => (
          <li key={backupId}>
            <Link href={`/backups/${backupId}`} className="font-medium underline underline-offset-4">
              {planSlug}, <Time at={at} plain />
            </Link>
            <FaultList faults={faults.slice(0, 3)} />
          </li>
        ))}
      </ul>
    </Notice>
  )
}

function LookForOther({
  remoteId,
  others,
}: {
  remoteId: string
  others: { id: string; name: string; slug: string }[]
}) {
  return (
    <Card
      className="max-w-3xl"
      title="Look for backups"
      description="Of an instance that does not use this remote yet: after a lost dashboard, say. What is found can be taken over."
    >
      <ActionForm action={checkRemoteAction} className="flex flex-wrap items-end gap-3 space-y-0">
        <input type="hidden" name="remoteId" value={remoteId} />
        <div className="min-w-56 flex-1">
          <SelectField
            name="instanceId"
            label="Instance"
            options={others.map(({ id, name, slug }) => ({ value: id, label: `${name} (${slug})` }))}
          />
        </div>
        <SubmitButton>
          <ScanSearch aria-hidden />
          Look there
        </SubmitButton>
      </ActionForm>
    </Card>
  )
}
