import { Download } from 'lucide-react'
import type { Metadata } from 'next'
import { authorizePage } from '@/app/authorize-page'
import { orNotFound } from '@/app/or-not-found'
import { formatBytes } from '@/components/format-bytes'
import { formatDuration } from '@/components/format-time'
import { StatusBadge } from '@/components/status-badge'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Fact, FactList } from '@/components/ui/fact-list'
import { PageHeader } from '@/components/ui/page-header'
import { getReceipt, type Receipt } from '@/core/restores/get-receipt'
import { FixUpResults } from '@/app/(admin)/restores/[id]/fix-ups-card'
import { WhatList } from '@/app/(admin)/restores/[id]/what-list'

export const metadata: Metadata = { title: 'Receipt of a restore' }

/** For the files of the institute: printed, or kept as signed JSON. */
export default async function ReceiptPage({ params }: { params: Promise<{ id: string }> }) {
  await authorizePage('view')
  const { id } = await params
  const { receipt, signature } = await orNotFound(getReceipt(id))
  return (
    <>
      <PageHeader
        title="Receipt of a restore"
        badge={<StatusBadge state={receipt.state} />}
        breadcrumbs={[
          { label: 'Restores', href: '/restores' },
          { label: `${receipt.requestedAt.slice(0, 16).replace('T', ' ')} UTC`, href: `/restores/${id}` },
        ]}
        description={`Restore ${receipt.restoreId}, into ${receipt.instance}`}
        actions={
          <Button asChild>
            <a href={`/api/restores/${id}/receipt`} download>
              <Download aria-hidden />
              Signed JSON
            </a>
          </Button>
        }
      />
      <div className="space-y-6">
        <Request receipt={receipt} />
        {receipt.places.map((place) => (
          <Place key={`${place.hostName} ${place.folder}`} place={place} />
        ))}
        <Card title="Signature">
          <FactList>
            <Fact label="Ed25519">
              <span className="break-all font-mono text-xs">{signature.value}</span>
            </Fact>
            <Fact label="Public key">
              <span className="whitespace-pre-wrap break-all font-mono text-xs">{signature.publicKey.trim()}</span>
            </Fact>
          </FactList>
          <p className="mt-3 text-muted text-sm">
            Over the receipt as JSON with sorted keys and no spaces, by the key that signs this dashboard’s backups.
          </p>
        </Card>
      </div>
    </>
  )
}

function Request({ receipt }: { receipt: Receipt }) {
  const { backup } = receipt
  return (
    <Card title="What was asked">
      <FactList>
        <Fact label="Asked for">
          {inUtc(receipt.requestedAt)}
          {receipt.requestedBy && ` by ${receipt.requestedBy}`}
        </Fact>
        {receipt.reason && <Fact label="Reason">{receipt.reason}</Fact>}
        <Fact label="What">
          <WhatList what={receipt.what} />
        </Fact>
        {backup && (
          <>
            <Fact label="Of the backup">
              <span className="break-all font-mono text-xs">{backup.id}</span>, plan {backup.plan} of {backup.instance}
              {backup.startedAt && `, ${inUtc(backup.startedAt)}`}
            </Fact>
            <Fact label="SHA-256 of its manifest">
              <span className="break-all font-mono text-xs">{backup.manifestSha256}</span>
            </Fact>
          </>
        )}
        {receipt.olderFile && (
          <>
            <Fact label="Of the file">
              <span className="break-all font-mono text-xs">{receipt.olderFile.path}</span>,{' '}
              {formatBytes(receipt.olderFile.bytes)}
            </Fact>
            <Fact label="Verified">{receipt.olderFile.verified} Nothing was compared.</Fact>
          </>
        )}
        <Fact label="Read from">{receipt.remote ?? 'a remote that is gone'}</Fact>
        <Fact label="Begun and ended">
          {receipt.startedAt ? inUtc(receipt.startedAt) : '–'} to {receipt.finishedAt ? inUtc(receipt.finishedAt) : '–'}
          {receipt.seconds !== null && `, ${formatDuration(receipt.seconds)}`}
        </Fact>
        {receipt.accepted.map((text) => (
          <Fact key={text} label="Accepted before">
            {text}
          </Fact>
        ))}
      </FactList>
    </Card>
  )
}

function Place({ place }: { place: Receipt['places'][number] }) {
  const { comparison, fetched, fixUps } = place
  return (
    <Card title="What came back">
      <FactList>
        <Fact label="Host">
          {place.hostName} (worker {place.worker})
        </Fact>
        <Fact label="Folder">
          <span className="break-all font-mono text-xs">{place.folder}</span>
        </Fact>
        {place.databasePrefix && <Fact label="Databases begin with">{place.databasePrefix}</Fact>}
        {fetched && <Fact label="Fetched">{`${formatBytes(fetched.bytes)} in ${fetched.files} files`}</Fact>}
        {comparison && (
          <>
            <Fact label="Entries of files identical">
              {figures(comparison.entriesIdentical, comparison.entriesExpected)},{' '}
              {formatBytes(comparison.bytesCompared)} compared
            </Fact>
            <Fact label="Collections identical">
              {figures(comparison.namespacesIdentical, comparison.namespacesExpected)},{' '}
              {comparison.documentsCompared.toLocaleString('en-GB')} documents compared
            </Fact>
            <Fact label="Differences">{comparison.differenceCount.toLocaleString('en-GB')}</Fact>
            <Fact label="Refused">{comparison.refusedCount.toLocaleString('en-GB')}</Fact>
          </>
        )}
      </FactList>
      {fixUps && (
        <>
          <h3 className="mt-5 mb-2 font-medium text-sm">Fix-ups, after the comparison</h3>
          <FixUpResults results={fixUps} />
        </>
      )}
    </Card>
  )
}

function figures(identical: number, expected: number): string {
  return `${identical.toLocaleString('en-GB')} of ${expected.toLocaleString('en-GB')}`
}

function inUtc(at: string): string {
  return `${at.slice(0, 19).replace('T', ' ')} UTC`
}
