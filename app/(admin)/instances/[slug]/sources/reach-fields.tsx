'use client'

import { useState } from 'react'
import { SelectField, TextField } from '@/components/form/fields'
import { CodeBlock } from '@/components/ui/code-block'
import { dockerDumpCommand, mongodbContainerSchema } from '@/protocol/mongodb-container'
import type { MongodbSource } from '@/protocol/sources'

/** How the server is reached; for a container, the very command line that the worker will run. */
export function ReachFields({
  reach = 'direct',
  databases = null,
}: Partial<Pick<MongodbSource, 'reach' | 'databases'>>) {
  const saved = reach === 'direct' ? { network: 'wt_mongo', image: '' } : reach
  const [way, setWay] = useState(reach === 'direct' ? 'direct' : 'container')
  const [network, setNetwork] = useState(saved.network)
  const [image, setImage] = useState(saved.image)
  return (
    <>
      <SelectField
        name="reach"
        label="Reached"
        description="MongoDB of a Whole Tale stack has no published port: a worker on the host reaches it in a container only."
        value={way}
        onChange={(event) => setWay(event.target.value)}
        options={[
          { value: 'direct', label: 'Directly, by the worker' },
          { value: 'container', label: 'In a container of its Docker network' },
        ]}
      />
      {way === 'container' && (
        <>
          <div className="grid gap-5 sm:grid-cols-2">
            <TextField
              name="network"
              label="Docker network"
              value={network}
              onChange={(event) => setNetwork(event.target.value)}
              placeholder="wt_mongo"
              className="font-mono"
              spellCheck={false}
              autoCapitalize="none"
            />
            <TextField
              name="image"
              label="Image"
              description="With mongodump and shell of the server's version."
              value={image}
              onChange={(event) => setImage(event.target.value)}
              placeholder="mongo:3.2"
              className="font-mono"
              spellCheck={false}
              autoCapitalize="none"
            />
          </div>
          <DumpCommand network={network} image={image} databases={databases} />
        </>
      )}
    </>
  )
}

function DumpCommand({ databases, ...given }: { network: string; image: string; databases: string[] | null }) {
  const container = mongodbContainerSchema.safeParse(given)
  if (!container.success) return null
  const database = databases?.length === 1 ? (databases[0] ?? null) : null
  return (
    <div className="space-y-1.5">
      <p className="text-[0.8125rem] text-muted">
        The worker runs this; FILE is a file of its own that holds the connection and is gone afterwards. Tools older
        than 100.3, as in mongo:3.2, get the hosts by --host instead, and can take no password. The policy file of the
        host must list the image under mongodbImages.
      </p>
      <CodeBlock text={dockerDumpCommand(container.data, database)} label="Command line of the dump" />
    </div>
  )
}
