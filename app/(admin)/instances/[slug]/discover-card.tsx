'use client'

import { CircleCheck, Info, Telescope, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { Bytes } from '@/components/bytes'
import { ActionButton } from '@/components/form/action-button'
import { ActionForm } from '@/components/form/action-form'
import { SubmitButton } from '@/components/form/submit-button'
import { Card } from '@/components/ui/card'
import { Fact, FactList } from '@/components/ui/fact-list'
import { Notice } from '@/components/ui/notice'
import type { CoverageFinding, CoverageFix } from '@/core/sources/coverage-rules'
import type { Discovery } from '@/core/sources/discover-source'
import { applyCoverageFixAction, discoverSourceAction } from './sources/actions'

/** Asks a worker what Girder keeps and where, and shows what no source covers, each with what mends it. */
export function DiscoverCard({
  instanceSlug,
  sourceSlugs,
  mayChange,
}: {
  instanceSlug: string
  /** MongoDB sources of workers that can be asked */
  sourceSlugs: string[]
  mayChange: boolean
}) {
  const [discovery, setDiscovery] = useState<Discovery | null>(null)
  return (
    <Card
      title="Is everything covered?"
      description="The worker looks in MongoDB for what Girder keeps and where: databases, assetstores, folders by path. Nothing is changed."
    >
      <div className="space-y-4">
        <div className="flex flex-wrap gap-3">
          {sourceSlugs.map((slug) => (
            <ActionForm<{ discovery: Discovery }>
              key={slug}
              action={discoverSourceAction.bind(null, instanceSlug, slug)}
              onSubmitCapture={() => setDiscovery(null)}
              onSuccess={(result) => setDiscovery(result.discovery)}
            >
              <SubmitButton variant="secondary">
                <Telescope aria-hidden />
                {sourceSlugs.length === 1 ? 'Discover' : `Discover in ${slug}`}
              </SubmitButton>
            </ActionForm>
          ))}
        </div>
        <div aria-live="polite" data-discovery={discovery ? 'done' : undefined}>
          {discovery && <Found discovery={discovery} instanceSlug={instanceSlug} mayChange={mayChange} />}
        </div>
      </div>
    </Card>
  )
}

function Found({
  discovery,
  instanceSlug,
  mayChange,
}: {
  discovery: Discovery
  instanceSlug: string
  mayChange: boolean
}) {
  const { databases, assetstores, roots, findings } = discovery
  const warnings = findings.filter((finding) => finding.level === 'warning').length
  return (
    <div className="space-y-5">
      {warnings === 0 && (
        <Notice tone="good" icon={<CircleCheck aria-hidden />} title="All that Girder names is covered by a source." />
      )}
      {findings.length > 0 && (
        <ul className="divide-y divide-border rounded-xl border border-border">
          {findings.map((finding) => (
            <Finding key={finding.text} finding={finding} instanceSlug={instanceSlug} mayChange={mayChange} />
          ))}
        </ul>
      )}
      <FactList>
        <Fact label="Databases">
          <ul>
            {databases.map(({ name, sizeBytes }) => (
              <li key={name}>
                <bdi>{name}</bdi> <span className="text-muted">(</span>
                <Bytes value={sizeBytes} />
                <span className="text-muted">)</span>
              </li>
            ))}
          </ul>
        </Fact>
        <Fact label="Assetstores">
          {assetstores.length === 0 && 'none'}
          <ul>
            {assetstores.map(({ name, kind, place }) => (
              <li key={`${name} ${place}`}>
                <bdi>{name}</bdi>: {kind} <span className="break-all font-mono text-xs">{place}</span>
              </li>
            ))}
          </ul>
        </Fact>
        <Fact label="Folders that Girder names">
          {roots.length === 0 && 'none'}
          <ul>
            {roots.map(({ path }) => (
              <li key={path} className="break-all font-mono text-xs">
                {path}
              </li>
            ))}
          </ul>
        </Fact>
      </FactList>
    </div>
  )
}

/** Once mended it stays in the list, so that one sees what was done; a new look tells whether all is well. */
function Finding({
  finding,
  instanceSlug,
  mayChange,
}: {
  finding: CoverageFinding
  instanceSlug: string
  mayChange: boolean
}) {
  const isWarning = finding.level === 'warning'
  const Icon = isWarning ? TriangleAlert : Info
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-3 px-4 py-3 text-sm" data-finding={finding.level}>
      <Icon className={isWarning ? 'mt-0.5 size-4 text-warning' : 'mt-0.5 size-4 text-muted'} aria-hidden />
      <p className="min-w-56 flex-1 break-words">
        <span className="sr-only">{isWarning ? 'Warning: ' : 'Hint: '}</span>
        {finding.text}
      </p>
      {mayChange &&
        finding.fixes.map((fix) => (
          <ActionButton
            key={`${fix.kind} ${fix.source}`}
            action={applyCoverageFixAction.bind(null, instanceSlug)}
            values={fix}
            size="sm"
          >
            {fixWords(fix)}
          </ActionButton>
        ))}
    </li>
  )
}

function fixWords(fix: CoverageFix): string {
  if (fix.kind === 'add-database') return `Dump ${fix.database} too`
  if (fix.kind === 'add-tree') return 'Add it as a source'
  return `${fix.path} is the tree ${fix.source}`
}
