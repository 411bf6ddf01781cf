'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { classNames } from '@/components/ui/class-names'
import { places } from './places'

/** The places of the dashboard; `onNavigate` lets a menu close itself. */
export function Navigation({ onNavigate }: { onNavigate?: () => void }) {
  const path = usePathname()
  return (
    <nav aria-label="Main">
      <ul className="space-y-0.5">
        {places.map(({ href, label, icon: Icon }) => {
          const here = href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`)
          return (
            <li key={href}>
              <Link
                href={href}
                onClick={() => onNavigate?.()}
                aria-current={here ? 'page' : undefined}
                className={classNames(
                  'flex items-center gap-3 rounded-lg px-3 py-2 font-medium text-muted text-sm transition-colors hover:bg-surface-muted hover:text-text max-lg:py-2.5',
                  here && 'bg-accent-soft text-accent hover:bg-accent-soft hover:text-accent',
                )}
              >
                <Icon className="size-4.5 shrink-0" aria-hidden />
                {label}
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
