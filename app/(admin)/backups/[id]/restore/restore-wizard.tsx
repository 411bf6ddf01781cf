'use client'

import { useRouter } from 'next/navigation'
import { startTransition, useOptimistic } from 'react'
import { type Draft, restoreHref, writeDraft } from '@/core/restores/draft'
import type { Pace } from '@/core/restores/estimate-duration'
import type { ResolvedDraft } from '@/core/restores/resolve-draft'
import type { ProblemFacts } from '@/protocol/problem'
import { CheckStep } from './check-step'
import { Estimate } from './estimate'
import { FixUpStep } from './fix-up-step'
import { WhatStep } from './what-step'
import { WhereStep } from './where-step'

export type Chosen = Omit<ResolvedDraft, 'entries' | 'target'> & {
  entries: NonNullable<ResolvedDraft['entries']>
  target: NonNullable<ResolvedDraft['target']>
}
export type ChangeDraft = (changes: Partial<Draft>) => void

/** Four steps on one page. What is chosen is written into the address, so that it can be sent to somebody, and survives a reload. */
export function RestoreWizard({
  backupId,
  draft,
  resolved,
  isOther,
  forbidden,
  pace,
  canBrowse,
}: {
  backupId: string
  draft: Draft
  resolved: Chosen
  isOther: boolean
  forbidden: ProblemFacts | null
  pace: Pace | null
  canBrowse: boolean
}) {
  const router = useRouter()
  const [shown, show] = useOptimistic(draft)
  const change: ChangeDraft = (changes) => {
    const next = { ...shown, ...changes }
    startTransition(() => {
      show(next)
      router.replace(restoreHref(backupId, next), { scroll: false })
    })
  }
  const query = writeDraft(shown)
  return (
    <div className="max-w-3xl space-y-6">
      <WhatStep backupId={backupId} draft={shown} resolved={resolved} change={change} canBrowse={canBrowse} />
      <WhereStep draft={shown} resolved={resolved} change={change} isOther={isOther} forbidden={forbidden} />
      {isOther && resolved.request.mongodbSourceId !== null && (
        <FixUpStep draft={shown} resolved={resolved} change={change} />
      )}
      <Estimate resolved={resolved} pace={pace} />
      <CheckStep
        key={query}
        backupId={backupId}
        query={query}
        target={resolved.target}
        isOther={isOther}
        isInPlace={shown.inPlace}
        isStopped={forbidden !== null || resolved.isNothing}
      />
    </div>
  )
}
