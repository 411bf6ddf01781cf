'use client'

import { Database, FileCog, FolderTree } from 'lucide-react'
import { useFormState } from '@/components/form/action-form'
import { ChoiceBox } from '@/components/form/choice-box'
import type { PlanChoices } from '@/core/plans/list-choices'

type SourceChoice = PlanChoices['instances'][number]['sources'][number]

const kinds = {
  mongodb: { word: 'MongoDB', icon: Database },
  tree: { word: 'Directory tree', icon: FolderTree },
  config: { word: 'Configuration files', icon: FileCog },
} as const

/** The sources of one instance as boxes, grouped by worker: one backup takes those of several. */
export function SourceFields({ sources, chosen }: { sources: SourceChoice[]; chosen: string[] }) {
  const error = useFormState().fields.sourceIds
  const workers = [...new Set(sources.map((source) => source.worker))]
  if (sources.length === 0)
    return <p className="text-muted text-sm">This instance has no sources yet. Add them on its page first.</p>
  return (
    <div className="space-y-5">
      {error && (
        <p role="alert" className="text-bad text-sm">
          {error}
        </p>
      )}
      {workers.map((worker) => (
        <fieldset key={worker} className="space-y-3">
          <legend className="mb-2 text-muted text-xs">On worker {worker}</legend>
          {sources
            .filter((source) => source.worker === worker)
            .map((source) => (
              <SourceBox key={source.id} source={source} chosen={chosen.includes(source.id)} />
            ))}
        </fieldset>
      ))}
    </div>
  )
}

function SourceBox({ source, chosen }: { source: SourceChoice; chosen: boolean }) {
  const { word, icon: Icon } = kinds[source.kind]
  const paths = source.paths.length > 3 ? `${source.paths.slice(0, 3).join(', ')}, …` : source.paths.join(', ')
  return (
    <div className="flex items-start justify-between gap-3">
      <ChoiceBox
        name="sourceIds"
        value={source.id}
        defaultChecked={chosen}
        label={source.slug}
        description={
          <span className="inline-flex flex-wrap items-center gap-x-2">
            <Icon className="size-3.5" aria-hidden />
            {word}
            <span className="break-all font-mono text-xs">{paths}</span>
          </span>
        }
      />
    </div>
  )
}
