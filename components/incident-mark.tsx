import { Siren } from 'lucide-react'
import Link from 'next/link'

/** Beside what an open incident is about: leads to it. */
export function IncidentMark({ incident: { id, title } }: { incident: { id: string; title: string } }) {
  return (
    <Link
      href={`/incidents/${id}`}
      title={title}
      aria-label={`Incident: ${title}`}
      className="inline-flex size-6 shrink-0 items-center justify-center rounded-md text-bad hover:bg-bad-soft"
    >
      <Siren className="size-4" aria-hidden />
    </Link>
  )
}
