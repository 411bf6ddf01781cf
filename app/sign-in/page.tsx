import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { ActionForm } from '@/components/form/action-form'
import { TextField } from '@/components/form/fields'
import { SubmitButton } from '@/components/form/submit-button'
import { LonePage } from '@/components/shell/lone-page'
import { currentSession } from '@/lib/auth'
import { signInAction } from './actions'
import { safeNextPath } from './safe-next-path'

export const metadata: Metadata = { title: 'Sign in' }

export default async function SignInPage({ searchParams }: { searchParams: Promise<{ next?: string | string[] }> }) {
  const { next } = await searchParams
  const path = safeNextPath(typeof next === 'string' ? next : undefined)
  if (await currentSession()) redirect(path)
  return (
    <LonePage title="Sign in" description="Backups of your Whole Tale instances.">
      <ActionForm action={signInAction}>
        <input type="hidden" name="next" value={path} />
        <TextField name="email" label="E-mail" type="email" autoComplete="username" inputMode="email" required />
        <TextField name="password" label="Password" type="password" autoComplete="current-password" required />
        <SubmitButton className="w-full">Sign in</SubmitButton>
      </ActionForm>
      <details className="mt-6 text-muted text-sm">
        <summary className="rounded-sm hover:text-text">No account yet, or a lost password?</summary>
        <p className="mt-2">
          Ask an administrator. The first administrator, or one who lost their password, gets a one-time link on the
          server where Talekeeper runs:
        </p>
        <code className="mt-2 block break-all rounded-lg bg-surface-muted px-3 py-2 text-text text-xs">
          npx tsx scripts/make-sign-in-link.ts
        </code>
      </details>
    </LonePage>
  )
}
