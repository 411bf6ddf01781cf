/** Why a call of rclone failed, as far as its messages tell. Some may pass by themselves. */
export type RcloneFailureReason =
  | 'reconnect-needed'
  | 'access-over'
  | 'provider-away'
  | 'token-refused'
  | 'wrong-credentials'
  | 'wrong-host-key'
  | 'bad-private-key'
  | 'untrusted-certificate'
  | 'unreachable'
  | 'busy'
  | 'denied'
  | 'full'
  | 'file-too-large'
  | 'bucket-missing'
  | 'not-found'
  | 'local-full'
  | 'too-long'
  | 'unknown'

/** First match wins: the messages of one failure often hold words of several. */
const patterns: [RcloneFailureReason, RegExp][] = [
  // what the token broker answers (core/connections/problems.ts, answer-token-request.ts), as rclone prints it
  ['reconnect-needed', /reconnect needed:/i],
  ['access-over', /This run is over, or no longer in the hands of this worker|did not hand out these credentials/],
  ['provider-away', /gives no access token for the connection|temporarily_unavailable|cannot fetch token: 50\d/],
  ['wrong-host-key', /knownhosts: (?:key mismatch|key is unknown)|host key (?:mismatch|verification failed)/i],
  ['bad-private-key', /failed to (?:parse|read) (?:private|public) key|ssh: no key found|unsupported key type/i],
  ['bucket-missing', /NoSuchBucket|bucket (?:does not exist|not found)/i],
  [
    'wrong-credentials',
    /\b401\b|unauthorized|unable to authenticate|InvalidAccessKeyId|SignatureDoesNotMatch|SSH_AUTH_SOCK|authentication failed/i,
  ],
  ['file-too-large', /file_size_limit_exceeded|EntityTooLarge|\b413\b/i],
  ['untrusted-certificate', /x509|certificate signed by unknown|first record does not look like a TLS handshake/i],
  [
    'full',
    /no space left on device|remaining disk space|disk quota exceeded|insufficient storage|insufficient_space|storage_limit_exceeded|storageQuotaExceeded|quotaLimitReached|\b507\b|quota exceeded|QuotaExceeded/i,
  ],
  [
    'denied',
    /permission denied|read[- ]only file system|\b403\b|AccessDenied|operation not permitted|\b405\b|\b409\b/i,
  ],
  [
    'busy',
    /\b429\b|too many requests|SlowDown|RateLimitExceeded|\b503\b|\(50[024]\)|service unavailable|bad gateway|internal server error/i,
  ],
  [
    'unreachable',
    /connection refused|no such host|name resolution|server misbehaving|timeout|timed out|network is unreachable|no route to host|deadline exceeded|connection reset|broken pipe|connection lost|unexpected EOF|handshake failed: (?:EOF|read)/i,
  ],
  ['not-found', /(?:directory|object|file) not found|no such file or directory|\b404\b|NoSuchKey/i],
]

const notFoundExitCodes = new Set([3, 4])

/**
 * Reads the reason out of rclone's exit code and messages. Exit codes 1 and 2 changed their meaning between versions and tell
 * nothing. `hasTokens`: nobody enters credentials for this remote, so that a 401 speaks of an access token that has ended early.
 */
export function failureReason(exitCode: number | null, stderr: string, hasTokens = false): RcloneFailureReason {
  const text = messagesOf(stderr).join('\n')
  const found = patterns.find(([, pattern]) => pattern.test(text))
  if (found) return found[0] === 'wrong-credentials' && hasTokens ? 'token-refused' : found[0]
  return exitCode !== null && notFoundExitCodes.has(exitCode) ? 'not-found' : 'unknown'
}

const passing: readonly RcloneFailureReason[] = ['provider-away', 'token-refused', 'unreachable', 'busy', 'unknown']

/** The same call may succeed later. A new rclone asks for a new access token, so a refused one is among them. */
export function mayPassByItself(reason: RcloneFailureReason): boolean {
  return passing.includes(reason)
}

/** The last message of rclone in one line, with every secret blanked, for a failure that has no words of its own. */
export function lastMessage(stderr: string, secrets: string[]): string {
  const line = messagesOf(stderr).at(-1) ?? ''
  const clean = secrets
    .filter((secret) => secret.length > 2)
    .reduce((text, secret) => text.replaceAll(secret, '…'), line)
  return clean.replace(/\/\/[^/@\s]+@/g, '//').slice(0, 300)
}

/** The messages alone, without times and source lines, whose digits look like status codes. */
function messagesOf(stderr: string): string[] {
  return stderr
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.includes('"stats"'))
    .map((line) => jsonMessage(line) ?? line.replace(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /, ''))
}

/** rclone prints its last line as plain text even when asked for JSON. */
function jsonMessage(line: string): string | null {
  if (!line.startsWith('{')) return null
  try {
    const parsed: unknown = JSON.parse(line)
    return parsed && typeof parsed === 'object' && 'msg' in parsed ? String(parsed.msg) : null
  } catch {
    return null
  }
}
