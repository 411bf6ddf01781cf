import { SecretField } from '@/app/(admin)/remotes/secret-fields'
import { CheckboxField, TextareaField, TextField } from '@/components/form/fields'
import { assetstoreSecret, type StoredFixUps } from '@/core/fix-up-profiles/stored-fix-ups'
import { emptiedCollections, settingFixUps } from '@/protocol/fix-ups'

const placeholders: Record<string, string> = {
  'core.cors.allow_origin': 'https://dashboard.stage.example.org',
  'core.cookie_domain': '.stage.example.org',
  'worker.api_url': 'https://girder.stage.example.org/api/v1',
}

/** Settings of Girder, each under its own key. */
export function SettingFields({ fixUps }: { fixUps: StoredFixUps }) {
  return (
    <>
      <TextField
        name="database"
        label="Girder’s database"
        description="Its name in the backup."
        defaultValue={fixUps.database}
        spellCheck={false}
        required
      />
      <CheckboxField
        name="keptSettings"
        label="What is left blank stays as it is here"
        description="Of the settings below: their values, secrets too, are read on the host from the database that is exchanged. One that is not set here is not set afterwards either; only where Girder has no settings here at all, they stay as in the backup."
        defaultChecked={fixUps.keptSettings}
      />
      {settingFixUps.map(({ key, label, isSecret }) =>
        isSecret ? (
          <SecretField key={key} name={key} label={label} saved={fixUps.secretNames} description={<code>{key}</code>} />
        ) : (
          <TextField
            key={key}
            name={key}
            label={label}
            optional
            spellCheck={false}
            placeholder={placeholders[key]}
            defaultValue={fixUps.settings[key] ?? ''}
            description={<code>{key}</code>}
          />
        ),
      )}
      <SecretField
        name={assetstoreSecret}
        label="MongoDB of assetstores"
        saved={fixUps.secretNames}
        description="For assetstores that keep files in MongoDB: the address that Girder of this instance reaches."
      />
      <TextareaField
        name="paths"
        label="Paths, old -> new"
        optional
        spellCheck={false}
        className="font-mono"
        placeholder="/tmp/data -> /srv/data"
        defaultValue={fixUps.paths.map(({ from, to }) => `${from} -> ${to}`).join('\n')}
        description="One pair a line, as Girder sees them: for its settings, its assetstores, and all folders on disk. The first that fits counts."
      />
    </>
  )
}

/** What means nothing here, or must not be known here. */
export function PeopleFields({ fixUps }: { fixUps: StoredFixUps }) {
  return (
    <>
      <TextField
        name="administrator"
        label="Administrator"
        optional
        spellCheck={false}
        autoCapitalize="none"
        defaultValue={fixUps.administrator ?? ''}
        description="Login of a user of the instance that was backed up. He becomes an administrator here, and keeps his name and password."
      />
      <CheckboxField
        name="pseudonyms"
        label="Give all other users pseudonyms"
        description="Logins, names, e-mail addresses, passwords, API keys and ids of Globus or ORCID are replaced or removed, everywhere in Girder’s database. Files, and the names of folders on disk, stay as they are."
        defaultChecked={fixUps.pseudonyms}
      />
    </>
  )
}

export function RemovalFields({ fixUps }: { fixUps: StoredFixUps }) {
  return (
    <>
      <CheckboxField
        name="mailOff"
        label="No mail leaves"
        description="The mail server becomes one that does not exist, and its password is removed."
        defaultChecked={fixUps.mailOff}
      />
      <CheckboxField
        name="registeredData"
        label="Registered data counts as not cached"
        description="Girder fetches it again when it is used. Untick it where the cache is restored too."
        defaultChecked={fixUps.clearsRegisteredData}
      />
      <fieldset className="space-y-4">
        <legend className="mb-3 font-medium text-sm">Emptied collections</legend>
        {emptiedCollections.map(({ name, label }) => (
          <CheckboxField
            key={name}
            name={`empty.${name}`}
            label={name}
            description={label}
            defaultChecked={fixUps.emptied.includes(name)}
          />
        ))}
      </fieldset>
    </>
  )
}
