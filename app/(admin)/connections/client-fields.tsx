import { TextField } from '@/components/form/fields'

/** The client of our own at the provider. A saved secret is never shown, and kept where the field is left empty. */
export function ClientFields({
  hasTenant,
  saved,
}: {
  hasTenant: boolean
  saved?: { clientId: string | null; tenant: string | null }
}) {
  return (
    <>
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField name="clientId" label="Client id" defaultValue={saved?.clientId ?? ''} spellCheck={false} />
        <TextField
          name="clientSecret"
          label="Client secret"
          type="password"
          autoComplete="new-password"
          optional={saved !== undefined}
          description={saved ? 'Saved. Leave it empty to keep it.' : 'Sealed at once, and never shown again.'}
        />
      </div>
      {hasTenant && (
        <TextField
          name="tenant"
          label="Tenant"
          optional
          defaultValue={saved?.tenant ?? ''}
          placeholder="common"
          spellCheck={false}
          description="The directory’s id or domain, where the app is for one directory only."
        />
      )}
    </>
  )
}
