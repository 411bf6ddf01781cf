import type { Metadata } from 'next'
import Link from 'next/link'
import { authorizePage } from '@/app/authorize-page'
import { LonePage } from '@/components/shell/lone-page'
import { Button } from '@/components/ui/button'

export const metadata: Metadata = { title: 'Signed in' }

/** Where a sign-in ends that was begun from a page whose session was over. */
export default async function SignedInPage() {
  await authorizePage('view')
  return (
    <LonePage title="You are signed in" description="Close this tab, go back to the other one, and try again there.">
      <Button asChild>
        <Link href="/">To the overview</Link>
      </Button>
    </LonePage>
  )
}
