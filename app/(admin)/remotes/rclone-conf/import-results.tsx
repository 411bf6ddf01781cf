import { CircleCheck, CircleX } from 'lucide-react'
import Link from 'next/link'
import type { ImportResult } from '@/core/remotes/import-remotes'

/** What became of each section. */
export function ImportResults({ results }: { results: ImportResult[] }) {
  return (
    <div role="status" className="space-y-3">
      <ul className="divide-y divide-border rounded-lg border border-border text-sm">
        {results.map(({ section, made, words }) => (
          <li key={section} className="flex items-start gap-3 px-4 py-2.5">
            {made ? (
              <CircleCheck className="mt-0.5 size-4 shrink-0 text-good" aria-hidden />
            ) : (
              <CircleX className="mt-0.5 size-4 shrink-0 text-bad" aria-hidden />
            )}
            <span className="min-w-0 break-words">
              <span className="font-medium">{section}</span>: {words}
            </span>
          </li>
        ))}
      </ul>
      <Link href="/remotes" className="text-sm underline underline-offset-4">
        To the remotes, to test them
      </Link>
    </div>
  )
}
