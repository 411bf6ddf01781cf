import Link from 'next/link'
import { Card } from '@/components/ui/card'
import type { ConnectionDetail } from '@/core/connections/get-connection'

/** The remotes that take their access from a connection, and the plans that write to them. */
export function UsersCard({ connection: { remotes } }: { connection: ConnectionDetail }) {
  return (
    <Card title="Used by">
      {remotes.length === 0 ? (
        <p className="text-muted text-sm">No remote uses it yet.</p>
      ) : (
        <ul className="space-y-3 text-sm">
          {remotes.map(({ id, name, plans }) => (
            <li key={id}>
              <Link href={`/remotes/${id}`} className="font-medium underline-offset-4 hover:underline">
                {name}
              </Link>
              <span className="text-muted">
                {plans.length === 0
                  ? ': no plan writes there'
                  : `: ${plans.map((plan) => `${plan.name} (${plan.instance})`).join(', ')}`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
