import { ExternalLink } from 'lucide-react'
import { CodeBlock } from '@/components/ui/code-block'
import type { ProviderGuide } from '@/core/connections/provider-guide'

/** What is entered at the provider's own pages, with the lines to copy there. */
export function ConsoleSteps({ guide }: { guide: ProviderGuide }) {
  const copied = { 'redirect address': guide.redirectAddress, scopes: guide.scopes.join(' ') }
  return (
    <ol className="list-decimal space-y-3 pl-5 text-sm">
      <li>
        Open{' '}
        <a
          href={guide.consoleUrl}
          target="_blank"
          rel="noreferrer"
          className="inline-flex items-center gap-1 text-accent underline underline-offset-4"
        >
          {guide.name}’s page for apps
          <ExternalLink className="size-3.5" aria-hidden />
        </a>
        .
      </li>
      {guide.steps.map(({ text, copy }) => (
        <li key={text} className="space-y-2">
          <p>{text}</p>
          {copy && <CodeBlock text={copied[copy]} label={copy === 'scopes' ? 'Scopes' : 'Redirect address'} />}
        </li>
      ))}
    </ol>
  )
}
