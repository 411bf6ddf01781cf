import { LifeBuoy } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { authorizePage } from '@/app/authorize-page'
import { may } from '@/app/may'
import { ActionButton } from '@/components/form/action-button'
import { Time } from '@/components/time'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Fact, FactList } from '@/components/ui/fact-list'
import { PageHeader } from '@/components/ui/page-header'
import { listSessions } from '@/core/users/list-sessions'
import { currentSession } from '@/lib/auth'
import { revokeSessionAction } from './actions'
import { browserName } from './browser-name'
import { PasswordForm } from './password-form'

export const metadata: Metadata = { title: 'Your account' }

export default async function AccountPage() {
  const actor = await authorizePage('view')
  const [current, sessions] = await Promise.all([currentSession(), listSessions(actor.id ?? '')])
  return (
    <>
      <PageHeader title="Your account" />
      <div className="max-w-3xl space-y-6">
        <Card title="You">
          <FactList>
            <Fact label="Name">{actor.name}</Fact>
            <Fact label="E-mail">{current?.user.email}</Fact>
            <Fact label="Role">
              <span className="capitalize">{actor.role}</span>
            </Fact>
          </FactList>
        </Card>
        <Card title="Sessions" description="Where you are signed in. Ending one works at once." flush>
          <ul className="divide-y divide-border">
            {sessions.map((session) => (
              <li key={session.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-5 py-3">
                <div className="min-w-40 flex-1">
                  <p className="font-medium text-sm" title={session.userAgent ?? undefined}>
                    {browserName(session.userAgent)}
                  </p>
                  <p className="text-muted text-sm">
                    {session.address ?? 'unknown address'} · seen <Time at={session.lastSeenAt} /> · since{' '}
                    <Time at={session.createdAt} />
                  </p>
                </div>
                {session.id === current?.sessionId ? (
                  <Badge tone="good">This browser</Badge>
                ) : (
                  <ActionButton action={revokeSessionAction} values={{ sessionId: session.id }} size="sm">
                    End session
                  </ActionButton>
                )}
              </li>
            ))}
          </ul>
        </Card>
        {may(actor, 'administer') && (
          <Card
            title="Recovery kit"
            description="A small file from which, with the remotes, a lost dashboard is rebuilt."
          >
            <Button asChild>
              <Link href="/recovery-kit">
                <LifeBuoy aria-hidden />
                Recovery kit
              </Link>
            </Button>
          </Card>
        )}
        <Card title="Password" description="A new one ends all your other sessions.">
          <div className="max-w-md">
            <PasswordForm />
          </div>
        </Card>
      </div>
    </>
  )
}
