import type { Metadata } from 'next'
import Link from 'next/link'
import { LonePage } from '@/components/shell/lone-page'
import { Button } from '@/components/ui/button'

export const metadata: Metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <LonePage title="Nothing here" description="The address is wrong, or what it named has been deleted.">
      <Button asChild variant="primary">
        <Link href="/">To the overview</Link>
      </Button>
    </LonePage>
  )
}
