'use client'

import Link from 'next/link'
import { useEffect, useRef } from 'react'
import type { PreparedMigration } from '@/app/(admin)/migrations/actions'
import { Time } from '@/components/time'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { CodeBlock } from '@/components/ui/code-block'

/** The link and its command, shown this once. */
export function PreparedLink({ made, onAgain }: { made: PreparedMigration; onAgain: () => void }) {
  const top = useRef<HTMLDivElement>(null)
  // the form that it takes the place of was long
  useEffect(() => {
    top.current?.focus({ preventScroll: true })
    window.scrollTo({ top: 0 })
  }, [])
  return (
    <div ref={top} tabIndex={-1} className="max-w-3xl space-y-6 outline-none">
      <Card
        title="Paste this on the fresh host, in a root shell"
        description={
          <>
            The link in it is shown only now. One host can redeem it; that host may repeat the command until it expires,{' '}
            <Time at={made.expiresAt} />.
          </>
        }
      >
        <CodeBlock label="Command to paste" text={made.command} />
      </Card>
      <Card
        title="Or at first boot"
        description="For deploy/cloud-init or deploy/terraform: the link alone, as /etc/talekeeper/migration-link."
      >
        <CodeBlock label="Migration link" text={made.link} />
      </Card>
      <div className="flex flex-wrap gap-2">
        <Button asChild variant="primary">
          <Link href={`/migrations/${made.migrationId}`}>Follow what becomes of it</Link>
        </Button>
        <Button onClick={onAgain}>Make another link</Button>
      </div>
    </div>
  )
}
