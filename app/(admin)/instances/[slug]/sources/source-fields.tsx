import { CheckboxField, SelectField, TextareaField, TextField } from '@/components/form/fields'
import type { SourceFacts } from '@/core/sources/get-source'
import { ReachFields } from './reach-fields'
import type { SourceKind } from './source-kinds'

type Settings<K extends SourceKind> = Extract<SourceFacts, { kind: K }>['settings']

/** Placeholders are what a Whole Tale cluster made by Terraform uses. */
export function MongodbFields({ settings }: { settings?: Settings<'mongodb'> }) {
  return (
    <>
      <TextField
        name="connection"
        label={settings ? 'Replace the connection' : 'Connection'}
        optional={Boolean(settings)}
        description={
          settings ? (
            'The saved connection is sealed and never shown. Leave this blank to keep it.'
          ) : (
            <>
              A mongodb:// address, or hosts as Whole Tale writes them. It may hold a password: it is sealed, and never
              shown again.
            </>
          )
        }
        placeholder="rs1/wt_mongo1:27017,wt_mongo2:27017,wt_mongo3:27017"
        className="font-mono"
        spellCheck={false}
        autoCapitalize="none"
        maxLength={4096}
      />
      <ReachFields {...(settings ? { reach: settings.reach, databases: settings.databases } : {})} />
      <TextareaField
        name="databases"
        label="Databases"
        optional
        description="One a line, such as girder. Blank: all of them but local."
        defaultValue={settings?.databases?.join('\n')}
        className="min-h-16 font-mono"
        spellCheck={false}
      />
      <SelectField
        name="consistency"
        label="Consistency"
        description="What the server could do is written into each backup's manifest."
        defaultValue={settings?.consistency ?? 'best'}
        options={[
          { value: 'best', label: 'As of one moment, where the server can (oplog or snapshot)' },
          { value: 'plain', label: 'Each collection as of when it is read' },
        ]}
      />
      <TextField
        name="tools"
        label="Tools"
        optional
        description="auto takes a mongodump that fits the server, else the built-in dumper. Or: built-in, or the folder of a tool set on the host. In a container the image's mongodump is taken."
        defaultValue={settings?.tools ?? 'auto'}
        className="font-mono"
        spellCheck={false}
        autoCapitalize="none"
      />
    </>
  )
}

export function TreeFields({ settings }: { settings?: Settings<'tree'> }) {
  return (
    <>
      <TextField
        name="path"
        label="Path"
        description="On a cluster /mnt/homes; on a single node the folder volumes of the checkout."
        placeholder="/mnt/homes"
        defaultValue={settings?.path}
        className="font-mono"
        spellCheck={false}
        autoCapitalize="none"
        required
      />
      <TextareaField
        name="exclude"
        label="Left out"
        optional
        description="Full paths, one a line, with everything below. The registry and DMS caches are apart from the homes and need no entry."
        placeholder="/mnt/homes/tmp"
        defaultValue={settings?.exclude.join('\n')}
        className="min-h-16 font-mono"
        spellCheck={false}
      />
      <CheckboxField
        name="mustBeMount"
        label="It is a mounted volume"
        description="The backup then fails when the volume is not mounted, instead of saving an empty folder."
        defaultChecked={settings?.mustBeMount ?? false}
      />
      <TextField
        name="mountPoint"
        label="Mount point"
        optional
        description="Of that volume, where it lies above the path. Blank: the path itself."
        placeholder="/mnt/homes"
        defaultValue={settings?.mountPoint}
        className="font-mono"
        spellCheck={false}
        autoCapitalize="none"
      />
      <CheckboxField
        name="oneFileSystem"
        label="Stay on its filesystem"
        description="What else is mounted below the path is left out."
        defaultChecked={settings?.oneFileSystem ?? true}
      />
      <TextField
        name="girderPath"
        label="Girder's name for it"
        optional
        description="What the path is called inside Girder's container, as in the fsPath of its folders. It only helps to tell what is covered."
        placeholder="/tmp/data"
        defaultValue={settings?.girderPath}
        className="font-mono"
        spellCheck={false}
        autoCapitalize="none"
      />
    </>
  )
}

export function ConfigFields({ settings }: { settings?: Settings<'config'> }) {
  return (
    <>
      <TextareaField
        name="paths"
        label="Paths"
        description="Files or small folders, one a line: the certificates in acme.json, stack files. * and ? stand for what one name holds. The backup fails when a path is missing or a pattern matches nothing."
        placeholder={'/home/ubuntu/acme/acme.json\n/home/ubuntu/swarm/*.yaml'}
        defaultValue={settings?.paths.join('\n')}
        className="min-h-32 font-mono"
        spellCheck={false}
      />
      <TextareaField
        name="optionalPaths"
        label="Taken where they are there"
        optional
        description="Paths and patterns that may be missing, one a line."
        placeholder="/home/ubuntu/licenses/*.lic"
        defaultValue={settings?.optionalPaths?.join('\n')}
        className="min-h-16 font-mono"
        spellCheck={false}
      />
    </>
  )
}

/** The worker that reads the source: on one of its hosts it lies. */
export function WorkerField({
  workers,
  workerId,
}: {
  workers: { id: string; slug: string; hostName: string }[]
  workerId?: string
}) {
  return (
    <SelectField
      name="workerId"
      label="Worker"
      description="The one on the host where the source can be read."
      defaultValue={workerId}
      options={workers.map(({ id, slug, hostName }) => ({ value: id, label: `${slug} (${hostName})` }))}
    />
  )
}
