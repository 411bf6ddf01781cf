const shown = 20

/** What was chosen, a line each. */
export function WhatList({ what }: { what: string[] }) {
  const left = what.length - shown
  return (
    <ul>
      {what.slice(0, shown).map((line) => (
        <li key={line} className="break-all font-mono text-xs leading-5">
          {line}
        </li>
      ))}
      {left > 0 && <li className="text-muted">and {left.toLocaleString('en-GB')} more</li>}
    </ul>
  )
}
