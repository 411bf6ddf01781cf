import Link from 'next/link'
import { LonePage } from '@/components/shell/lone-page'
import { Button } from '@/components/ui/button'

export default function Forbidden() {
  return (
    <LonePage
      title="Not allowed"
      description="Your role does not allow this page. Ask an administrator to do it, or to change your role."
    >
      <Button asChild variant="primary">
        <Link href="/">To the overview</Link>
      </Button>
    </LonePage>
  )
}
