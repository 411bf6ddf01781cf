import { Problem } from './problem'

/**
 * Spoken in the `Talekeeper-Protocol` header of every request between worker and control plane: `major.minor`. A minor version
 * adds what the other side may not know yet; a major one changes what it knows.
 */
export const protocolVersion = '1.1'

/** Whether a worker that speaks this version can make a share of a backup; an older one would make a folder of its own. */
export function knowsShares(protocol: string): boolean {
  return compareVersions(protocol, '1.1') >= 0
}

/** Whether a worker that speaks this version can copy a backup; an older one leaves such a job out. */
export function knowsReplications(protocol: string): boolean {
  return compareVersions(protocol, '1.1') >= 0
}

/** Whether a worker that speaks this version can restore a file of the scripts before Talekeeper. */
export function knowsOlderFiles(protocol: string): boolean {
  return compareVersions(protocol, '1.1') >= 0
}

/** Version of the layout and manifest on the remote (docs/remote-format.md). */
export const remoteFormat = 1

/**
 * The worker's version out of its header, once the control plane, which speaks `own`, can work with it: the same, or one minor
 * version older, so that a dashboard is upgraded first and its workers follow. Throws Problem `protocol-mismatch`, which says
 * which side to upgrade.
 */
export function acceptedProtocol(header: string | null, own = protocolVersion): string {
  const worker = parseVersion(header)
  const control = parseVersion(own)
  if (!worker || !control) throw mismatch(header, own, 'Upgrade Talekeeper on the host of the worker.')
  const isNewer = worker.major > control.major || (worker.major === control.major && worker.minor > control.minor)
  if (isNewer) throw mismatch(header, own, 'The dashboard is older than this worker: upgrade the dashboard.')
  if (worker.major < control.major || worker.minor < control.minor - 1)
    throw mismatch(
      header,
      own,
      'This worker is too old for the dashboard: upgrade Talekeeper on the host of the worker.',
    )
  return `${worker.major}.${worker.minor}`
}

/** `1` is `1.0`, as the first workers write it. */
function parseVersion(text: string | null): { major: number; minor: number } | null {
  const match = /^(\d{1,4})(?:\.(\d{1,4}))?$/.exec(text ?? '')
  return match ? { major: Number(match[1]), minor: Number(match[2] ?? 0) } : null
}

function mismatch(header: string | null, own: string, action: string): Problem {
  return new Problem({
    code: 'protocol-mismatch',
    text: `The worker speaks version ${header?.slice(0, 20) || 'none'} of the protocol, the control plane version ${own}.`,
    action,
  })
}

/** Negative, zero or positive, as for sorting; numbers between dots are compared as numbers. */
export function compareVersions(left: string, right: string): number {
  const rightNumbers = right.split('.').map(Number)
  const leftNumbers = left.split('.').map(Number)
  for (let index = 0; index < 3; index++) {
    const difference = (leftNumbers[index] || 0) - (rightNumbers[index] || 0)
    if (difference !== 0) return difference
  }
  return 0
}
