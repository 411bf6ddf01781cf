import type { ProblemFacts } from '@/protocol/problem'

const shown = 10

/** What is wrong with a backup on a remote. */
export function FaultList({ faults }: { faults: ProblemFacts[] }) {
  return (
    <ul className="list-disc space-y-0.5 pl-5 text-text">
      {faults.slice(0, shown).map(({ text, where }) => (
        <li key={`${where} ${text}`} className="break-words">
          {text}
        </li>
      ))}
      {faults.length > shown && <li>and {faults.length - shown} more.</li>}
    </ul>
  )
}
