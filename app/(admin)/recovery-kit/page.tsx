import type { Metadata } from 'next'
import { authorizePage } from '@/app/authorize-page'
import { Time } from '@/components/time'
import { Card } from '@/components/ui/card'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { getRecoveryKitState, type RecoveryKitState } from '@/core/recovery-kit/get-recovery-kit-state'
import { KitForm } from './kit-form'

export const metadata: Metadata = { title: 'Recovery kit' }

export default async function RecoveryKitPage() {
  await authorizePage('administer')
  const state = await getRecoveryKitState()
  return (
    <>
      <PageHeader
        title="Recovery kit"
        description="A small file from which, with the remotes, a lost dashboard is rebuilt."
      />
      <div className="max-w-3xl space-y-6">
        <KitState state={state} />
        <Card title="What is in it">
          <ul className="list-disc space-y-1 pl-5 text-sm">
            <li>The keys that sign backups, by which those on the remotes are known as yours again.</li>
            <li>The instances with their ids: the folders on the remotes refuse any other.</li>
            <li>
              Not the sealing key, nor passwords of remotes or databases: keep a copy of SEALING_KEY yourself, beside
              one of the database.
            </li>
          </ul>
        </Card>
        <Card
          title="Make a kit"
          description="Keep the file away from this server and from the remotes, and the passphrase away from the file."
        >
          <div className="max-w-md">
            <KitForm />
          </div>
        </Card>
      </div>
    </>
  )
}

function KitState({ state: { madeAt, isComplete, newInstances } }: { state: RecoveryKitState }) {
  if (!madeAt)
    return (
      <Notice tone="warning" title="No kit was made yet">
        <p className="text-text">If this server were lost now, nobody could prove which backups are yours.</p>
      </Notice>
    )
  if (!isComplete)
    return (
      <Notice tone="warning" title="There is a newer signing key than in the last kit">
        <p className="text-text">
          The last kit was made <Time at={madeAt} />. Make a new one.
        </p>
      </Notice>
    )
  return (
    <Notice tone="good" title="There is a kit">
      <p className="text-text">
        The last one was made <Time at={madeAt} />.
        {newInstances.length > 0 && ` Registered since, so better make a new one: ${newInstances.join(', ')}.`}
      </p>
    </Notice>
  )
}
