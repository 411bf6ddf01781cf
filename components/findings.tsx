import { ChevronRight, CircleAlert, Info } from 'lucide-react'
import Link from 'next/link'
import { classNames } from './ui/class-names'

type Finding = { isRisk: boolean; text: string; href: string }

/** What puts something at risk, and what is merely worth knowing; each leads to where it can be mended. */
export function Findings({ findings, most = 8 }: { findings: Finding[]; most?: number }) {
  const left = findings.length - most
  return (
    <ul className="space-y-0.5">
      {findings.slice(0, most).map(({ isRisk, text, href }) => {
        const Icon = isRisk ? CircleAlert : Info
        return (
          <li key={`${href} ${text}`}>
            <Link
              href={href}
              className="-mx-2 flex items-start gap-2 rounded-lg px-2 py-1 text-sm hover:bg-surface-muted"
            >
              <Icon className={classNames('mt-0.5 size-4 shrink-0', isRisk ? 'text-bad' : 'text-muted')} aria-hidden />
              <span className={classNames('line-clamp-3 min-w-0 flex-1 break-words', !isRisk && 'text-muted')}>
                {text}
              </span>
              <ChevronRight className="mt-0.5 size-4 shrink-0 text-muted" aria-hidden />
            </Link>
          </li>
        )
      })}
      {left > 0 && <li className="px-6 py-1 text-muted text-sm">and {left} more</li>}
    </ul>
  )
}
