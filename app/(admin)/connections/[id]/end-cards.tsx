import { deleteConnectionAction, disconnectAction } from '@/app/(admin)/connections/actions'
import { ConfirmButton } from '@/components/form/confirm-button'
import { Card } from '@/components/ui/card'
import type { ConnectionDetail } from '@/core/connections/get-connection'

/** Disconnecting and removing, each with what stops working. */
export function EndCards({ connection }: { connection: ConnectionDetail }) {
  const { id, name, slug, state, method, remotes, guide } = connection
  const plans = remotes.flatMap((remote) => remote.plans)
  const inUse = remotes.length > 0
  const isOpen = state === 'connected' || state === 'reconnectNeeded'
  return (
    <>
      {isOpen && method !== 'service' && (
        <Card
          title="Disconnect"
          description={`Ends the sign-in here and at ${guide.name}. Remotes and plans stay, and work again after reconnecting.`}
        >
          <ConfirmButton
            action={disconnectAction}
            values={{ id }}
            title={`Disconnect ${name}?`}
            question={whatStops(plans)}
            confirmLabel="Disconnect"
          >
            Disconnect
          </ConfirmButton>
        </Card>
      )}
      <Card
        title="Remove this connection"
        description={
          inUse
            ? 'Not possible while remotes use it.'
            : 'Talekeeper forgets its settings and secrets. Nothing is deleted in the account itself.'
        }
      >
        <ConfirmButton
          action={deleteConnectionAction}
          values={{ id }}
          title={`Remove ${name}?`}
          question="Its settings and secrets are forgotten."
          confirmLabel="Remove connection"
          typedName={slug}
          disabled={inUse}
        >
          Remove connection
        </ConfirmButton>
      </Card>
    </>
  )
}

function whatStops(plans: { name: string; instance: string }[]): string {
  if (plans.length === 0) return 'No plan uses it: no backup stops.'
  const names = plans.map(({ name, instance }) => `${name} (${instance})`).join(', ')
  return `From now on these plans fail, restores and downloads of their backups too, until it is connected again: ${names}. What runs at this moment fails as well.`
}
