import type { Standing } from '@/protocol/worker-api'

/**
 * Lines of a Checkmk local check: `<0|1|2|3> <service> <metrics> <text>`, one a plan and one for the worker itself
 * (https://docs.checkmk.com/latest/en/localchecks.html). Pure.
 */

export type LastAnswer = { standing: Standing; at: Date }
export type Contact = {
  /** null: the dashboard never answered */
  last: LastAnswer | null
  /** why it does not answer now; null: it does */
  fault: string | null
  /** reports of runs that it has not taken yet */
  waitingReports: number
}

const minuteMilliseconds = 60_000
const warnAfterMilliseconds = 5 * minuteMilliseconds
const criticalAfterMilliseconds = 15 * minuteMilliseconds

export function checkmkLines({ last, fault, waitingReports }: Contact, now: Date): string[] {
  const name = last?.standing.instance.slug ?? 'unknown'
  return [
    contactLine(name, last, fault, waitingReports, now),
    ...(last?.standing.plans ?? []).map((plan) => planLine(name, plan, fault !== null, now)),
  ]
}

function contactLine(name: string, last: LastAnswer | null, fault: string | null, waitingReports: number, now: Date) {
  const silence = last ? Math.max(0, now.getTime() - last.at.getTime()) : Number.POSITIVE_INFINITY
  const status = !fault ? 0 : silence >= criticalAfterMilliseconds ? 2 : silence >= warnAfterMilliseconds ? 1 : 0
  const text = fault
    ? `Talekeeper’s dashboard does not answer${last ? ` for ${minutesInWords(silence)}` : ''}: ${fault}`
    : 'Talekeeper’s dashboard answers'
  const reports = waitingReports > 0 ? `, ${waitingReports} reports wait` : ''
  const metrics = [
    ...(last
      ? [`silence=${Math.round(silence / 1000)};${warnAfterMilliseconds / 1000};${criticalAfterMilliseconds / 1000}`]
      : []),
    `reports=${waitingReports}`,
  ]
  return line(last || !fault ? status : 2, `WT_Talekeeper_${name}`, metrics, `${text}${reports}`)
}

const statuses = { protected: 0, paused: 1, 'at risk': 2, unprotected: 2 } as const

/** `isStale`: the dashboard is away, so that only what follows from the plan's own times can be judged. */
function planLine(name: string, plan: Standing['plans'][number], isStale: boolean, now: Date): string {
  const { slug, state, text, newestGood, overdueFrom, overdueSince } = plan
  const isOverdue = overdueSince !== null || (overdueFrom !== null && new Date(overdueFrom) <= now)
  const age = newestGood ? Math.max(0, Math.round((now.getTime() - Date.parse(newestGood.finishedAt)) / 1000)) : null
  const metrics = newestGood
    ? [
        `age=${age}`,
        `size=${Math.round(newestGood.bytes)}`,
        ...(newestGood.seconds === null ? [] : [`duration=${Math.round(newestGood.seconds)}`]),
      ]
    : []
  const words = age === null ? 'no good backup' : `last good backup ${minutesInWords(age * 1000)} ago`
  const told = isStale && isOverdue && !overdueSince ? 'overdue, and the dashboard does not answer' : text
  return line(isOverdue ? 2 : statuses[state], `WT_Backup_${name}_${slug}`, metrics, `${state}, ${words}. ${told}`)
}

function line(status: number, service: string, metrics: string[], text: string): string {
  return `${status} ${service} ${metrics.join('|') || '-'} ${text.replace(/[\p{Cc}\s]+/gu, ' ').trim()}`
}

function minutesInWords(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return 'ever'
  const minutes = Math.floor(milliseconds / minuteMilliseconds)
  if (minutes < 120) return `${minutes} min`
  return minutes < 2880 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} d`
}
