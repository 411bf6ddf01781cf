import type { Backend } from '@/protocol/remotes'

export type PlanCost = {
  /** compressed, of one backup; null: nobody knows yet */
  bytesEach: number | null
  /** the sources were measured, and nothing was backed up yet: compressed it will be less */
  isEstimate: boolean
  runsPerMonth: number
  /** the most that retention will have there in the months to come */
  keptBytes: number
  partBytes: number
}

export type Allowance = { quotaBytes: number | null; usedBytes: number | null; largestFileBytes: number | null }

export type RemoteCost = {
  bytesPerMonth: number
  keptBytes: number
  /** null: the provider does not count them */
  callsPerMonth: number | null
  /** a sentence each */
  warnings: string[]
}

const terabyte = 1e12
/** Box cuts an upload into pieces of 8 MiB, each a call; a part costs some more (facts measured with rclone). */
const boxPieceBytes = 8 * 1024 ** 2
const boxCallsPerPart = 10
const boxCalls = { business: 50_000, enterprise: 100_000 }
const driveBytesPerDay = 750e9
const daysPerMonth = 30

/**
 * What plans will cost on a remote, against what its account has. Box moves at most 1 TB per user and month, and counts API
 * calls; Drive takes 750 GB a day. Pure.
 */
export function costOf(backend: Backend, plans: PlanCost[], allowance: Allowance | null, words: Words): RemoteCost {
  const bytesPerMonth = sum(plans.map(({ bytesEach, runsPerMonth }) => (bytesEach ?? 0) * runsPerMonth))
  const keptBytes = sum(plans.map((plan) => plan.keptBytes))
  const callsPerMonth = backend === 'box' ? sum(plans.map(boxCallsOf)) : null
  const { quotaBytes = null, usedBytes = null, largestFileBytes = null } = allowance ?? {}
  const largestPart = Math.max(0, ...plans.map(({ partBytes }) => partBytes))
  return {
    ...{ bytesPerMonth, keptBytes, callsPerMonth },
    warnings: [
      ...(quotaBytes !== null && keptBytes > quotaBytes
        ? [`Retention will keep ${words.bytes(keptBytes)}, and the account holds ${words.bytes(quotaBytes)} in all.`]
        : []),
      ...(quotaBytes !== null && usedBytes !== null && keptBytes <= quotaBytes && usedBytes > 0.9 * quotaBytes
        ? [`The account is almost full: ${words.bytes(quotaBytes - usedBytes)} are left.`]
        : []),
      ...(largestFileBytes !== null && largestPart > largestFileBytes
        ? [`The account takes no file above ${words.bytes(largestFileBytes)}: parts become that small by themselves.`]
        : []),
      ...(backend === 'box' && bytesPerMonth > terabyte
        ? [
            `About ${words.bytes(bytesPerMonth)} a month go there, and Box moves at most 1 TB per user and month: back up less often, or leave more out.`,
          ]
        : []),
      ...(callsPerMonth !== null && callsPerMonth > boxCalls.business
        ? [
            `About ${words.count(callsPerMonth)} API calls a month, of the ${words.count(boxCalls.business)} (Business) or ${words.count(boxCalls.enterprise)} (Enterprise) that Box includes for the whole enterprise.`,
          ]
        : []),
      ...(backend === 'drive' && bytesPerMonth / daysPerMonth > driveBytesPerDay
        ? ['More than 750 GB a day, which Google Drive does not take.']
        : []),
    ],
  }
}

export type Words = { bytes: (value: number) => string; count: (value: number) => string }

function boxCallsOf({ bytesEach, partBytes, runsPerMonth }: PlanCost): number {
  const bytes = bytesEach ?? 0
  return Math.round(
    (bytes / boxPieceBytes + (Math.ceil(bytes / Math.max(1, partBytes)) + 5) * boxCallsPerPart) * runsPerMonth,
  )
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
