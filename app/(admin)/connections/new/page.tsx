import type { Metadata } from 'next'
import Link from 'next/link'
import { ConsoleSteps } from '@/app/(admin)/connections/console-steps'
import { authorizePage } from '@/app/authorize-page'
import { classNames } from '@/components/ui/class-names'
import { Card } from '@/components/ui/card'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { listProviderGuides, type ProviderGuide } from '@/core/connections/provider-guide'
import { PersonForm } from './person-form'
import { ServiceForm } from './service-form'

export const metadata: Metadata = { title: 'Add connection' }

export default async function NewConnectionPage({
  searchParams,
}: {
  searchParams: Promise<{ provider?: string; service?: string }>
}) {
  await authorizePage('administer')
  const guides = listProviderGuides()
  const { provider, service } = await searchParams
  const guide = guides.find(({ id }) => id === provider) ?? guides[0]
  if (!guide) return null
  const chosenService = guide.services.find(({ id }) => id === service)
  return (
    <>
      <PageHeader title="Add connection" breadcrumbs={[{ label: 'Connections', href: '/connections' }]} />
      <div className="max-w-3xl space-y-6">
        <Choices label="Provider">
          {guides.map(({ id, name }) => (
            <Choice key={id} href={`/connections/new?provider=${id}`} isChosen={id === guide.id}>
              {name}
            </Choice>
          ))}
        </Choices>
        {guide.services.length > 0 && (
          <Choices label="Who signs in">
            <Choice href={`/connections/new?provider=${guide.id}`} isChosen={!chosenService}>
              A person
            </Choice>
            {guide.services.map(({ id, label }) => (
              <Choice
                key={id}
                href={`/connections/new?provider=${guide.id}&service=${id}`}
                isChosen={chosenService?.id === id}
              >
                {label}
              </Choice>
            ))}
          </Choices>
        )}
        {chosenService ? (
          <ServiceForm key={chosenService.id} guide={guide} service={chosenService} />
        ) : (
          <Person key={guide.id} guide={guide} />
        )}
      </div>
    </>
  )
}

function Person({ guide }: { guide: ProviderGuide }) {
  return (
    <>
      <Card
        title={`1. At ${guide.name}`}
        description="Talekeeper signs in as an app of your own, so that nobody else’s limits or end of life touch it."
      >
        <ConsoleSteps guide={guide} />
      </Card>
      {!isTakenByProviders(guide.redirectAddress) && (
        <Notice tone="warning" title="This dashboard has no HTTPS address">
          <p>
            Providers send browsers back to HTTPS addresses, or to localhost, only. After saving, sign in on another
            computer and paste the answer; or set PUBLIC_URL to an https:// address.
          </p>
        </Notice>
      )}
      <PersonForm guide={guide} />
    </>
  )
}

/** HTTPS, or this very computer. */
function isTakenByProviders(address: string): boolean {
  const { protocol, hostname } = new URL(address)
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}

function Choices({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <nav aria-label={label} className="space-y-1.5">
      <p className="font-medium text-sm">{label}</p>
      <ul className="flex flex-wrap gap-2">{children}</ul>
    </nav>
  )
}

function Choice({ href, isChosen, children }: { href: string; isChosen: boolean; children: React.ReactNode }) {
  return (
    <li>
      <Link
        href={href}
        aria-current={isChosen ? 'true' : undefined}
        className={classNames(
          'inline-flex min-h-9 items-center rounded-lg border px-3 py-1.5 font-medium text-sm',
          isChosen
            ? 'border-accent bg-accent-soft text-accent'
            : 'border-border bg-surface text-muted hover:bg-surface-muted hover:text-text',
        )}
      >
        {children}
      </Link>
    </li>
  )
}
