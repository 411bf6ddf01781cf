import { Circle, CircleCheck } from 'lucide-react'
import Link from 'next/link'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { classNames } from '@/components/ui/class-names'
import type { SetupSteps } from '@/core/health/list-overview'

type Step = { name: keyof SetupSteps; title: string; text: string; action: string; href: string }

/** From an empty dashboard to the first good backup: what is done, and the next step as a button. */
export function SetupChecklist({ steps, firstInstance }: { steps: SetupSteps; firstInstance: string | undefined }) {
  const place = firstInstance ? `/instances/${firstInstance}` : '/instances'
  const list: Step[] = [
    {
      name: 'instance',
      title: 'Register an instance',
      text: 'One Whole Tale deployment: its slug becomes its folder on the remote.',
      action: 'Register',
      href: '/instances/new',
    },
    {
      name: 'worker',
      title: 'Enrol a worker on its file server',
      text: 'Paste one command there, compare the fingerprint, confirm.',
      action: 'Enrol',
      href: firstInstance ? `${place}/workers/new` : place,
    },
    {
      name: 'source',
      title: 'Say what to back up',
      text: 'MongoDB, the home directories, configuration files.',
      action: 'Add a source',
      href: firstInstance ? `${place}/sources/new` : place,
    },
    {
      name: 'remote',
      title: 'Add a remote',
      text: 'Where backups go: SFTP, WebDAV, S3, or a local folder.',
      action: 'Add a remote',
      href: '/remotes/new',
    },
    {
      name: 'plan',
      title: 'Make a plan',
      text: 'When, what, where, and for how long backups are kept.',
      action: 'Make a plan',
      href: '/plans/new',
    },
    {
      name: 'backup',
      title: 'Make the first good backup',
      text: 'Run the plan now, and watch it.',
      action: 'To the plans',
      href: '/plans',
    },
    {
      name: 'recoveryKit',
      title: 'Save the recovery kit',
      text: 'A small file from which, with the remotes, a lost dashboard is rebuilt.',
      action: 'Make it',
      href: '/recovery-kit',
    },
  ]
  const next = list.find(({ name }) => !steps[name])
  const done = list.filter(({ name }) => steps[name]).length
  return (
    <Card title="Getting started" description={`${done} of ${list.length} steps done`} flush>
      <ol className="divide-y divide-border">
        {list.map(({ name, title, text, action, href }) => (
          <li
            key={name}
            className={classNames(
              'flex flex-wrap items-center gap-x-4 gap-y-2 px-5 py-3',
              name === next?.name && 'bg-accent-soft/50',
            )}
          >
            {steps[name] ? (
              <CircleCheck className="size-5 shrink-0 text-good" aria-label="Done" role="img" />
            ) : (
              <Circle className="size-5 shrink-0 text-muted" aria-label="To do" role="img" />
            )}
            <div className="min-w-40 flex-1">
              <p className={classNames('font-medium text-sm', steps[name] && 'text-muted')}>{title}</p>
              {!steps[name] && <p className="text-muted text-sm">{text}</p>}
            </div>
            {name === next?.name && (
              <Button asChild variant="primary" size="sm">
                <Link href={href}>{action}</Link>
              </Button>
            )}
          </li>
        ))}
      </ol>
    </Card>
  )
}
