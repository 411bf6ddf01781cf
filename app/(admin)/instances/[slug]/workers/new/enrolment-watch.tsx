'use client'

import { CircleCheck, LoaderCircle, TimerOff } from 'lucide-react'
import Link from 'next/link'
import type { MadeEnrolment } from '@/app/(admin)/instances/[slug]/workers/actions'
import { ConfirmWorker } from '@/app/(admin)/instances/[slug]/workers/confirm-worker'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { CodeBlock } from '@/components/ui/code-block'
import { Notice } from '@/components/ui/notice'
import { Countdown } from './countdown'
import { useEnrolment } from './use-enrolment'

/** The command, shown this once, and below it what becomes of it: waiting, pending, confirmed, connected. */
export function EnrolmentWatch({
  instanceSlug,
  made,
  onAgain,
}: {
  instanceSlug: string
  made: MadeEnrolment
  onAgain: () => void
}) {
  const enrolment = useEnrolment(instanceSlug, made.enrolmentId)
  const worker = enrolment?.worker
  if (!worker && enrolment?.state === 'expired')
    return (
      <Notice tone="warning" icon={<TimerOff aria-hidden />} title="The token has expired." className="max-w-3xl">
        <p className="text-text">It works for 15 minutes.</p>
        <Button size="sm" className="mt-2" onClick={onAgain}>
          Make a new command
        </Button>
      </Notice>
    )
  return (
    <div className="max-w-3xl space-y-6">
      {!worker && (
        <Card
          title="1. Paste this on the host, in a root shell"
          description={
            <>
              The token in it is shown only now, and works once. <Countdown until={made.expiresAt} />
            </>
          }
        >
          <CodeBlock label="Command to paste" text={made.command} />
        </Card>
      )}
      <div aria-live="polite">
        {!worker && (
          <Notice tone="running" icon={<LoaderCircle className="animate-spin" aria-hidden />}>
            <p className="text-text">Waiting for the host to call. This page notices by itself.</p>
          </Notice>
        )}
        {worker?.state === 'pending' && (
          <Card
            title={`2. Compare and confirm “${worker.slug}”`}
            description={`${worker.hostName} has called, with talekeeper-worker ${worker.version}.`}
          >
            <ConfirmWorker workerId={worker.id} fingerprint={worker.fingerprint} />
          </Card>
        )}
        {worker?.state === 'active' && !worker.connected && (
          <Card title="3. Start the worker">
            <div className="space-y-4">
              <p className="text-sm">It is confirmed. Start it on the host, best as a service:</p>
              <CodeBlock label="Command to start" text="talekeeper-worker run" />
              <p className="flex items-center gap-2 text-running text-sm">
                <LoaderCircle className="size-4 animate-spin" aria-hidden />
                Waiting for its first sign of life
              </p>
            </div>
          </Card>
        )}
        {worker?.state === 'active' && worker.connected && (
          <Notice
            tone="good"
            icon={<CircleCheck aria-hidden />}
            title={`The worker “${worker.slug}” is connected.`}
            data-worker="connected"
          >
            <p className="text-text">Next, say what it backs up.</p>
            <div className="flex flex-wrap gap-2 pt-2">
              <Button asChild variant="primary" size="sm">
                <Link href={`/instances/${instanceSlug}/sources/new`}>Add a source</Link>
              </Button>
              <Button asChild size="sm">
                <Link href={`/instances/${instanceSlug}`}>To the instance</Link>
              </Button>
            </div>
          </Notice>
        )}
        {worker?.state === 'revoked' && <Notice tone="bad" title="This worker was revoked." />}
      </div>
    </div>
  )
}
