import { checkConnectionAction } from '@/app/(admin)/connections/actions'
import { Bytes } from '@/components/bytes'
import { ActionButton } from '@/components/form/action-button'
import { Time } from '@/components/time'
import { Card } from '@/components/ui/card'
import { Fact, FactList } from '@/components/ui/fact-list'
import type { ConnectionDetail } from '@/core/connections/get-connection'

const methods: Record<ConnectionDetail['method'], string> = {
  web: 'A person signed in on the web',
  paste: 'A person signed in elsewhere and pasted the answer',
  service: 'A key file signs in by itself',
}

/** Whose account it is, what fits in it, and until when the sign-in holds. */
export function AccountCard({ connection, administers }: { connection: ConnectionDetail; administers: boolean }) {
  const { account, guide, refreshedAt, connectedAt, state, method } = connection
  const isUsable = state === 'connected'
  return (
    <Card
      title="Account"
      actions={
        administers &&
        isUsable && (
          <ActionButton action={checkConnectionAction} values={{ id: connection.id }} size="sm">
            Check now
          </ActionButton>
        )
      }
    >
      <FactList>
        <Fact label="Account">
          {account ? [account.name, account.login].filter(Boolean).join(', ') : 'Not known yet'}
        </Fact>
        <Fact label="Space">
          {account?.usedBytes != null ? (
            <>
              <Bytes value={account.usedBytes} /> used
              {account.quotaBytes != null && (
                <>
                  {' '}
                  of <Bytes value={account.quotaBytes} />
                </>
              )}
            </>
          ) : (
            'The provider did not say'
          )}
        </Fact>
        <Fact label="Largest file">
          {account?.largestFileBytes != null ? <Bytes value={account.largestFileBytes} /> : 'The provider did not say'}
        </Fact>
        <Fact label="Signs in">{methods[method]}</Fact>
        <Fact label="Scopes">
          {guide.scopes.length > 0 ? (
            <span className="break-all font-mono text-xs">{guide.scopes.join(' ')}</span>
          ) : (
            'Set in the app at the provider'
          )}
        </Fact>
        <Fact label="Connected">{connectedAt ? <Time at={connectedAt} /> : 'Never'}</Fact>
        <Fact label="Last refresh">{refreshedAt ? <Time at={refreshedAt} /> : 'Never'}</Fact>
        <Fact label="Dies if unused">
          <Death connection={connection} />
        </Fact>
      </FactList>
    </Card>
  )
}

function Death({ connection: { diesAt, state, guide, method } }: { connection: ConnectionDetail }) {
  if (method === 'service' || guide.unusedDeathDays === null) return 'Never by itself'
  if (state !== 'connected' || !diesAt) return `${guide.unusedDeathDays} days after its last refresh`
  return (
    <>
      <Time at={diesAt} /> <span className="text-muted">(refreshed every week, used or not)</span>
    </>
  )
}
