import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { unsealTokens } from '@/core/connections/sealed-secrets'
import { SeededRandom } from '@/scripts/sample/random'
import { type Access, type Broker, reconnect, type TokenRig } from './token-rig'

const tokenPath = { host: 'api.box.com', path: '/oauth2/token' }
// a bound for machines that do much else; a round takes a second or two
const longestRoundSeconds = 120
/** a broker gives up after ten seconds of waiting for the provider */
const longestAnswerSeconds = 60

const faults = [
  null,
  null,
  { kind: 'status', status: 429, headers: { 'retry-after': '0' } },
  { kind: 'status', status: 500 },
  { kind: 'cut' },
  { kind: 'drop' },
  { kind: 'refuse' },
  { kind: 'slow', milliseconds: 60 },
] as const
const deaths = ['while it waits', 'at the answer', 'at the answer', 'after the first', 'at any time'] as const
const moments = ['never', 'never', 'never', 'never', ...deaths] as const
type Moment = (typeof moments)[number]

export type TokenResult = {
  round: number
  fault: string
  killed: Moment
  /** the provider had answered, and nothing of that was stored, when the broker died */
  diedBetween: boolean
  outcome: 'all got the one token' | 'reconnect needed'
}

/**
 * The access token is over and up to five workers ask two brokers, while the provider misbehaves and brokers are killed with -9.
 * Throws unless all get the same good token and the stored pair is the provider's newest; or, where somebody else had spent the
 * refresh token, unless the connection says at once that it must be reconnected.
 */
export async function runTokenRound(rig: TokenRig, seed: number, round: number): Promise<TokenResult> {
  const random = new SeededRandom(seed * 100_003 + round)
  const fault = random.pick(faults)
  const killed = random.pick(moments)
  const isStolen = random.below(12) === 0
  const leases = rig.leases.slice(0, 1 + random.below(rig.leases.length))
  await rig.db.connection.update({
    where: { id: rig.connectionId },
    data: { tokenSteadySeconds: { decrement: 86_400 } },
  })
  if (isStolen) await spendElsewhere(rig)
  if (fault) rig.fake.control.addFault({ ...fault, match: tokenPath, times: 1 + random.below(2) })
  const before = await rowOf(rig)
  const seen = { answered: rig.fake.control.countCalls(tokenPath), firstIsServed: false }
  const end = performance.now() + longestRoundSeconds * 1000
  const asking = leases.map(async (lease, number) => {
    await sleep(random.below(40))
    const answer = await ask(rig.brokers, lease, number, end)
    seen.firstIsServed = true
    return answer
  })
  const killing = killAt(rig, killed, random, seen, asking)
  const answers = await Promise.all(asking)
  const unstored = await killing
  rig.fake.control.clearFaults()
  const diedBetween = unstored && !isStolen
  const facts = {
    round,
    fault: fault ? [fault.kind, 'status' in fault && fault.status].filter(Boolean).join(' ') : 'none',
  }
  if (isStolen) {
    await assertReconnectNeeded(rig, answers)
    await reconnect(rig)
    return { ...facts, killed, diedBetween, outcome: 'reconnect needed' }
  }
  await assertOneToken(rig, answers, before.tokenVersion)
  return { ...facts, killed, diedBetween, outcome: 'all got the one token' }
}

type Answer = { token: string } | { refusal: string }
const grantSchema = z.object({ access_token: z.string(), expires_in: z.number().min(10) })
const refusalSchema = z.object({ error: z.string(), error_description: z.string() })

/** As rclone does: again and again while nobody answers, until the broker says yes or no. */
async function ask(brokers: Broker[], { id, secret }: Access, number: number, end: number): Promise<Answer> {
  const headers = { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` }
  let last = 'nobody answered'
  for (let time = number; performance.now() < end; time++) {
    const port = brokers[time % brokers.length]?.port
    const signal = AbortSignal.timeout(longestAnswerSeconds * 1000)
    const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, signal }).catch(
      (error: unknown) => {
        if (signal.aborted) throw new Error('a broker left a question open for longer than its bound', { cause: error })
        return null
      },
    )
    const body: unknown = await response?.json().catch(() => null)
    if (response) last = `${response.status} ${JSON.stringify(body)}`
    if (response?.status === 200 && body) return { token: grantSchema.parse(body).access_token }
    if (response?.status === 400 && body) return { refusal: refusalSchema.parse(body).error_description }
    await sleep(20)
  }
  throw new Error(`a worker got no answer in time: ${last}`)
}

type Seen = { answered: number; firstIsServed: boolean }

/** Kills one of the brokers and starts it again. True when a pair that the provider had given out was not stored at that moment. */
async function killAt(
  rig: TokenRig,
  moment: Moment,
  random: SeededRandom,
  seen: Seen,
  asking: Promise<unknown>[],
): Promise<boolean> {
  if (moment === 'never') return false
  const victims = random.below(3) === 0 ? rig.brokers : [random.pick(rig.brokers)]
  const extraMilliseconds = random.below(5)
  const absenceMilliseconds = random.below(150)
  let isOver = false
  void Promise.allSettled(asking).then(() => {
    isOver = true
  })
  const isTime: Record<Moment, () => boolean> = {
    never: () => true,
    'while it waits': () => rig.fake.control.countCalls(tokenPath) >= seen.answered,
    'at the answer': () => rig.fake.control.countCalls(tokenPath) > seen.answered,
    'after the first': () => seen.firstIsServed,
    'at any time': () => true,
  }
  if (moment === 'while it waits') await sleep(10 + random.below(40))
  if (moment === 'at any time') await sleep(random.below(250))
  while (!isOver && !isTime[moment]()) await nextTurn()
  const until = performance.now() + (moment === 'at the answer' ? extraMilliseconds : 0)
  while (performance.now() < until) await nextTurn()
  await Promise.all(victims.map((broker) => broker.kill()))
  const isUnstored = moment !== 'after the first' && (await pairIsUnstored(rig))
  await sleep(absenceMilliseconds)
  for (const broker of victims) broker.start()
  return isUnstored
}

async function pairIsUnstored(rig: TokenRig): Promise<boolean> {
  const stored = unsealTokens(await rowOf(rig))?.refreshToken
  return stored !== rig.fake.control.refreshTokens('box').at(-1)
}

/** Somebody else has the refresh token too, and uses what it brings: the provider's rules leave nothing to recover. */
async function spendElsewhere(rig: TokenRig): Promise<void> {
  const tokens = unsealTokens(await rowOf(rig))
  if (!tokens?.refreshToken || !rig.fake.control.spend('box', tokens.refreshToken, rig.clientId))
    throw new Error('the stored refresh token was worth nothing before the round')
}

async function assertOneToken(rig: TokenRig, answers: Answer[], versionBefore: number): Promise<void> {
  const tokens = new Set(answers.map((answer) => ('token' in answer ? answer.token : `refused: ${answer.refusal}`)))
  const [token = ''] = tokens
  if (tokens.size !== 1 || token.startsWith('refused')) throw new Error(`answers differ: ${[...tokens].join(', ')}`)
  if (!rig.fake.control.isGood('box', token))
    throw new Error('a worker got an access token that the provider does not take')
  const row = await rowOf(rig)
  const stored = unsealTokens(row)
  if (row.state !== 'connected') throw new Error(`the connection is ${row.state}`)
  if (row.tokenVersion !== versionBefore + 1) throw new Error(`${row.tokenVersion - versionBefore} pairs were stored`)
  if (stored?.accessToken !== token) throw new Error('another access token is stored than the one that was handed out')
  if (await pairIsUnstored(rig)) throw new Error('the stored refresh token is not the provider’s newest: it is lost')
}

async function assertReconnectNeeded(rig: TokenRig, answers: Answer[]): Promise<void> {
  const row = await rowOf(rig)
  if (row.state !== 'reconnectNeeded' || !row.problem) throw new Error(`the connection is ${row.state}`)
  for (const answer of answers)
    if (!('refusal' in answer) || !answer.refusal.startsWith('Reconnect needed:'))
      throw new Error(`a worker was not told: ${JSON.stringify(answer)}`)
}

function rowOf({ db, connectionId }: TokenRig) {
  return db.connection.findUniqueOrThrow({ where: { id: connectionId } })
}
