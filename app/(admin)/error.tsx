'use client'

import { Button } from '@/components/ui/button'
import { PageHeader } from '@/components/ui/page-header'
import { ProblemAlert } from '@/components/ui/problem-alert'

/** A defect while a page was made; the log of the web process has the details under the same digest. */
export default function ErrorPage({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <>
      <PageHeader title="This page could not be shown" />
      <ProblemAlert
        problem={{
          code: 'internal-error',
          text: 'Something went wrong inside Talekeeper.',
          action: 'Try again. If it keeps failing, look at the log of the web process.',
          ...(error.digest ? { where: `digest ${error.digest}` } : {}),
        }}
      />
      <Button className="mt-5" variant="primary" onClick={retry}>
        Try again
      </Button>
    </>
  )
}
