import { useId } from 'react'
import { Checkbox } from '@/components/ui/input'
import { byDatabase, type Namespace, toggled } from './namespace-choice'

/** Databases of the backup, each with its collections, to be ticked one by one. `chosen` null: all are. */
export function NamespaceBoxes({
  namespaces,
  chosen,
  choose,
}: {
  namespaces: Namespace[]
  chosen: string[] | null
  choose: (chosen: string[], isAll: boolean) => void
}) {
  const databases = byDatabase(namespaces)
  const toggle = (name: string, on: boolean) => {
    const next = toggled(chosen, namespaces, name, on)
    choose(
      next,
      databases.every((database) => next.includes(database.name)),
    )
  }
  const holds = (database: string, collection?: string) =>
    chosen === null ||
    chosen.includes(database) ||
    (collection !== undefined && chosen.includes(`${database}.${collection}`))
  return (
    <fieldset className="space-y-1 rounded-lg border border-border px-4 py-3">
      <legend className="px-1 font-medium text-sm">Databases and collections</legend>
      {databases.map(({ name, collections, documents }) => (
        <div key={name} className="text-sm">
          <div className="flex min-h-9 flex-wrap items-center gap-x-2.5">
            <Box
              label={`Database ${name}`}
              text={name}
              checked={holds(name)}
              mixed={!holds(name) && collections.some(({ collection }) => holds(name, collection))}
              toggle={(on) => toggle(name, on)}
            />
            <span className="text-muted text-xs">
              {collections.length.toLocaleString('en-GB')} {collections.length === 1 ? 'collection' : 'collections'},{' '}
              {documents.toLocaleString('en-GB')} documents
            </span>
          </div>
          <details className="pl-7">
            <summary className="w-fit cursor-pointer py-1 text-muted text-xs">
              Single collections<span className="sr-only"> of {name}</span>
            </summary>
            <ul className="grid gap-x-4 py-1 sm:grid-cols-2">
              {collections.map(({ collection, documents: count }) => (
                <li key={collection} className="flex min-h-8 min-w-0 items-center gap-2">
                  <Box
                    label={`Collection ${name}.${collection}`}
                    text={collection}
                    checked={holds(name, collection)}
                    mixed={false}
                    toggle={(on) => toggle(`${name}.${collection}`, on)}
                  />
                  <span className="text-muted text-xs tabular-nums">{count.toLocaleString('en-GB')}</span>
                </li>
              ))}
            </ul>
          </details>
        </div>
      ))}
    </fieldset>
  )
}

function Box({
  label,
  text,
  checked,
  mixed,
  toggle,
}: {
  label: string
  text: string
  checked: boolean
  mixed: boolean
  toggle: (on: boolean) => void
}) {
  const id = useId()
  return (
    <>
      <Checkbox
        id={id}
        aria-label={label}
        checked={checked}
        ref={(box) => {
          if (box) box.indeterminate = mixed
        }}
        onChange={({ currentTarget }) => toggle(currentTarget.checked)}
      />
      <label htmlFor={id} className="min-w-0 break-all">
        {text}
      </label>
    </>
  )
}
