import { FileQuestion } from 'lucide-react'
import Link from 'next/link'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'

export default function NotFound() {
  return (
    <>
      <PageHeader title="Not found" />
      <EmptyState
        icon={<FileQuestion aria-hidden />}
        title="Nothing here"
        action={
          <Button asChild variant="primary">
            <Link href="/">To the overview</Link>
          </Button>
        }
      >
        The address is wrong, or what it named has been deleted.
      </EmptyState>
    </>
  )
}
