import { forecastInWords, judgeRoom, type RoomSample } from '@/core/room/forecast'
import type { Condition } from './condition'
import { bytesInWords, momentInWords, spanInWords } from './words'

export type WatchedConnection = {
  id: string
  name: string
  state: 'entered' | 'connected' | 'reconnectNeeded' | 'disconnected'
  /** what its last refresh said; null: it worked */
  problem: string | null
  /** when it dies unused; null: it does not */
  diesAt: Date | null
  /** of its account; null: the provider does not say */
  quota: { usedBytes: number; totalBytes: number } | null
  /** oldest first */
  roomSamples: RoomSample[]
  /** instances whose plans write through it */
  instanceIds: string[]
}

const dayMilliseconds = 86_400_000
const fullShare = 0.97

/** Connections that no plan uses concern nobody. */
export function connectionConditions(connection: WatchedConnection, now: Date): Condition[] {
  const { id, name, instanceIds } = connection
  if (instanceIds.length === 0) return []
  const common = { subject: `connection:${id}`, href: `/connections/${id}`, instanceIds }
  const [worst] = [...broken(connection), ...dying(connection, now)]
  return [...(worst ? [worst] : []), ...filling(connection), ...willFill(connection, now)].map((found) => ({
    ...{ ...common, ...found },
    title: `The connection “${name}” ${found.title}`,
  }))
}

type Found = Omit<Condition, 'subject' | 'href' | 'instanceIds'>

function filling({ quota }: WatchedConnection): Found[] {
  if (!quota || quota.totalBytes <= 0) return []
  const share = quota.usedBytes / quota.totalBytes
  if (share < 0.9) return []
  return [
    {
      kind: 'quota-low',
      severity: share >= fullShare ? 'critical' : 'warning',
      title: `has used ${Math.floor(Math.min(share, 1) * 100)} % of its room`,
      text: `${bytesInWords(quota.usedBytes)} of ${bytesInWords(quota.totalBytes)} are used, by whatever lies in that account.`,
      meaning: 'Backups fail once it is full.',
      action: 'Free room in the account, ask for more, or keep fewer backups there.',
      since: null,
    },
  ]
}

/** Not of one that is all but full: that is said already. */
function willFill({ quota, roomSamples }: WatchedConnection, now: Date): Found[] {
  const verdict = judgeRoom(roomSamples, now)
  if (!verdict || (quota && quota.usedBytes / quota.totalBytes >= fullShare)) return []
  return [
    {
      kind: 'room-forecast',
      severity: verdict.severity,
      title: `is ${forecastInWords(verdict)}`,
      text: `In the last weeks its account grew by ${bytesInWords(verdict.bytesPerDay)} a day.`,
      meaning: 'Backups fail once it is full.',
      action: 'Ask for more room, keep fewer backups there, or look what else fills the account.',
      since: null,
    },
  ]
}

function broken({ state, problem }: WatchedConnection): Found[] {
  if (state === 'connected') return []
  return [
    {
      kind: 'connection',
      severity: 'critical',
      title: state === 'reconnectNeeded' ? 'must be connected again' : 'is not connected',
      text: problem ?? 'Nobody has signed in to it, or the sign-in holds no longer.',
      meaning: 'No backup gets to its remotes until somebody signs in.',
      action: 'Open the connection and sign in at the provider.',
      since: null,
    },
  ]
}

function dying({ diesAt }: WatchedConnection, now: Date): Found[] {
  if (!diesAt) return []
  const leftMilliseconds = diesAt.getTime() - now.getTime()
  if (leftMilliseconds > 14 * dayMilliseconds) return []
  const isOver = leftMilliseconds <= 0
  return [
    {
      kind: 'connection',
      severity: leftMilliseconds <= 7 * dayMilliseconds ? 'critical' : 'warning',
      title: isOver ? 'has expired' : `expires in ${spanInWords(leftMilliseconds)}`,
      text: `It dies at ${momentInWords(diesAt)} unless it is used before.`,
      meaning: 'No backup gets to its remotes from then on.',
      action: 'Open the connection and renew it, or run a plan that uses it.',
      since: null,
    },
  ]
}
