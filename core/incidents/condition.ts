import type { IncidentKind, Severity } from './kind-rules'

/** Something that is so now, by facts alone. While it is, an incident of its kind and subject is open. */
export type Condition = {
  kind: IncidentKind
  /** `plan:<id>`, `worker:<id>`, `remote:<id>` … */
  subject: string
  severity: Severity
  title: string
  /** what happened */
  text: string
  /** what it means for the data */
  meaning: string
  /** what to do next */
  action: string
  /** page where it can be mended */
  href: string
  /** none: it concerns Talekeeper itself, so all of them */
  instanceIds: string[]
  /** since when, where the facts tell */
  since: Date | null
}

/** A condition before its subject is named; `href` where it can be mended better than on the subject's page. */
export type Found = Omit<Condition, 'subject' | 'href' | 'instanceIds'> & { href?: string }

/** Of a kind and subject one incident is open at a time. */
export function openKeyOf({ kind, subject }: { kind: string; subject: string }): string {
  return `${kind} ${subject}`
}
