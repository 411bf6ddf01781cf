import Link from 'next/link'
import { Card } from '@/components/ui/card'
import { Notice } from '@/components/ui/notice'
import { listExposure } from '@/core/remotes/list-exposure'

/** Whose backups a stolen worker could destroy, by the credential that it gets for this remote. */
export async function ExposureCard({ remoteId }: { remoteId: string }) {
  const { instances, crosses, hasKeeper, mayHaveKeeper } = await listExposure(remoteId)
  if (instances.length === 0) return null
  return (
    <Card
      className="max-w-3xl"
      title="Whose backups could a stolen worker destroy?"
      description={
        hasKeeper
          ? 'Workers get a credential for writing. The keeper, which deletes, is handed to a worker only while it deletes; whether the other one truly cannot, the test below proves.'
          : 'Each of these workers gets the credential of this remote, and with it can overwrite and delete all that it opens.'
      }
    >
      <div className="space-y-4 text-sm">
        <ul className="space-y-1.5">
          {instances.map(({ id, slug, name, environment, workers, remotes }) => (
            <li key={id}>
              <Link href={`/instances/${slug}`} className="font-medium underline-offset-4 hover:underline">
                {name}
              </Link>{' '}
              ({environment}): {workers.length === 0 ? 'no worker yet' : workers.join(', ')}
              {remotes.length > 0 && (
                <span className="text-muted">, by the same sign-in of the remote {remotes.join(', ')}</span>
              )}
            </li>
          ))}
        </ul>
        {crosses && !hasKeeper && (
          <Notice tone="warning" title="Production shares this credential with another environment">
            <p className="text-text">
              Whoever takes over a worker of the other environment could destroy the backups of production. Give
              production a remote with an account of its own{mayHaveKeeper ? ', or enter a keeper below' : ''}.
            </p>
          </Notice>
        )}
      </div>
    </Card>
  )
}
