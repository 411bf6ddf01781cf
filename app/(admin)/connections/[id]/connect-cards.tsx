import { connectAction } from '@/app/(admin)/connections/actions'
import { ConsoleSteps } from '@/app/(admin)/connections/console-steps'
import { ActionButton } from '@/components/form/action-button'
import { Card } from '@/components/ui/card'
import type { ConnectionDetail } from '@/core/connections/get-connection'
import { PasteCard } from './paste-card'
import { ReplaceKeyCard } from './replace-key-card'

/** The ways to connect, or to connect anew. */
export function ConnectCards({ connection }: { connection: ConnectionDetail }) {
  const { id, guide, method, state, clientId, service } = connection
  if (method === 'service')
    return <ReplaceKeyCard id={id} kind={guide.services.find((kind) => kind.id === service) ?? null} />
  const isConnected = state === 'connected'
  const word = state === 'entered' ? 'Connect' : 'Reconnect'
  return (
    <>
      <Card
        title={`${word} on the web`}
        description={`Sign in at ${guide.name} with the account that backups go to, and grant access. The browser comes back by itself.`}
      >
        <ActionButton action={connectAction} values={{ id }} variant={isConnected ? 'secondary' : 'primary'}>
          {word} to {guide.name}
        </ActionButton>
        <details className="mt-4">
          <summary className="cursor-pointer text-muted text-sm">What must be entered at {guide.name}</summary>
          <div className="mt-3">
            <ConsoleSteps guide={guide} />
          </div>
        </details>
      </Card>
      <PasteCard id={id} guide={guide} clientId={clientId ?? ''} />
    </>
  )
}
