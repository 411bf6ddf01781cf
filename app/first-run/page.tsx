import type { Metadata } from 'next'
import Link from 'next/link'
import { redirect } from 'next/navigation'
import { ActionForm } from '@/components/form/action-form'
import { SelectField, TextField } from '@/components/form/fields'
import { SubmitButton } from '@/components/form/submit-button'
import { LonePage } from '@/components/shell/lone-page'
import { Button } from '@/components/ui/button'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { inspectSignInLink, type SignInLinkFacts } from '@/core/users/redeem-sign-in-link'
import { Problem, type ProblemFacts } from '@/protocol/problem'
import { createAdministratorAction, recoverAdministratorAction } from './actions'

export const metadata: Metadata = { title: 'Welcome', referrer: 'no-referrer' }

export default async function FirstRunPage({ searchParams }: { searchParams: Promise<{ token?: string | string[] }> }) {
  const { token } = await searchParams
  if (typeof token !== 'string') redirect('/sign-in')
  const link = await inspect(token)
  if ('problem' in link)
    return (
      <LonePage title="This link does not work">
        <div className="space-y-5">
          <ProblemAlert problem={link.problem} />
          <Button asChild className="w-full">
            <Link href="/sign-in">To the sign-in page</Link>
          </Button>
        </div>
      </LonePage>
    )
  if (link.purpose === 'first-run')
    return (
      <LonePage
        title="Welcome to Talekeeper"
        description="Make the first administrator's account. The link works once."
      >
        <ActionForm action={createAdministratorAction}>
          <input type="hidden" name="token" value={token} />
          <TextField name="name" label="Your name" autoComplete="name" required />
          <TextField name="email" label="E-mail" type="email" autoComplete="username" required />
          <NewPasswordFields />
          <SubmitButton className="w-full">Create account</SubmitButton>
        </ActionForm>
      </LonePage>
    )
  return (
    <LonePage
      title="Set a new password"
      description="For an administrator who cannot sign in. All open sessions of that account are ended."
    >
      <ActionForm action={recoverAdministratorAction}>
        <input type="hidden" name="token" value={token} />
        <SelectField
          name="userId"
          label="Administrator"
          options={link.administrators.map(({ id, name, email }) => ({ value: id, label: `${name} (${email})` }))}
        />
        <NewPasswordFields />
        <SubmitButton className="w-full">Set password and sign in</SubmitButton>
      </ActionForm>
    </LonePage>
  )
}

function NewPasswordFields() {
  return (
    <>
      <TextField
        name="password"
        label="Password"
        type="password"
        autoComplete="new-password"
        description="At least 12 characters. A few unrelated words are good and easy to remember."
        required
      />
      <TextField name="passwordAgain" label="Password again" type="password" autoComplete="new-password" required />
    </>
  )
}

async function inspect(token: string): Promise<SignInLinkFacts | { problem: ProblemFacts }> {
  try {
    return await inspectSignInLink(token)
  } catch (error) {
    if (error instanceof Problem) return { problem: error.toFacts() }
    throw error
  }
}
