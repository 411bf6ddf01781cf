import { HttpUnreachable } from '@/lib/http'
import { type Progress, progressSchema } from '@/protocol/events'
import { BackOff, pause } from './back-off'
import { Bell } from './bell'
import { type ControlPlane, type EventsAnswer, Refused } from './control-plane'
import type { EventJournal } from './event-journal'
import { runKey } from './run-key'
import type { WorkerLog } from './worker-log'

/** Progress, and events with it, go out at most twice a second; an absent control plane is asked at longer and longer distances. */
const usualPace = { gapMilliseconds: 500, firstMilliseconds: 500, longestMilliseconds: 60_000 }

export type SenderOptions = {
  journal: EventJournal
  control: ControlPlane
  log: WorkerLog
  /** a person asked to cancel the run */
  onCancel: () => void
  /** control knows no such run of ours: another attempt has it, or it was settled without us */
  onDisowned: (refusal: Refused) => void
  pace?: typeof usualPace
}

type Waiter = { sequence: number; resolve: () => void; reject: (reason: unknown) => void }

/**
 * Brings one run's journal to the control plane, however long that is away. The answer names the last event taken; what
 * comes after is sent again. When `finished` was taken (or control disowns the run) the journal is removed.
 */
export class EventSender {
  readonly #options: SenderOptions
  readonly #stop = new AbortController()
  readonly #bell = new Bell()
  readonly #pace: typeof usualPace
  readonly #backOff: BackOff
  #taken = 0
  #progress: Progress | null = null
  #waiters: Waiter[] = []
  #complaint = ''
  /** the next request brings no events, to hear how far control got, or only to be heard */
  #isAsking: boolean
  /** settles when everything was delivered, the run disowned, or `stop` called; never rejects */
  readonly ended: Promise<void>

  /** `resume`: an earlier process may have sent events already, so control is asked first how far it got. */
  constructor(options: SenderOptions, resume = false) {
    this.#options = options
    this.#pace = options.pace ?? usualPace
    this.#backOff = new BackOff(this.#pace)
    this.#isAsking = resume
    if (resume) this.#bell.ring()
    this.ended = this.#deliver()
  }

  /** There are new events in the journal. */
  notify(): void {
    this.#bell.ring()
  }

  /** Keeps the latest only. */
  setProgress(progress: Progress): void {
    this.#progress = progress
    this.#bell.ring()
  }

  /** Gives a sign of life: control may believe the run lost, which any request about its events overturns. */
  ask(): void {
    this.#isAsking = true
    this.#bell.ring()
  }

  /** Resolves when everything journalled so far was taken; rejects when the run is disowned, or with the signal's reason. */
  async drained(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const sequence = this.#options.journal.lastSequence
    if (this.#taken >= sequence) return
    await new Promise<void>((resolve, reject) => {
      this.#waiters.push({ sequence, resolve, reject })
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      this.#bell.ring()
    })
  }

  /** Leaves the rest in the journal for the next process. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('the worker stops'))
    await this.ended
  }

  async #deliver(): Promise<void> {
    const { journal } = this.#options
    while (!this.#stop.signal.aborted) {
      await this.#bell.heard(this.#stop.signal)
      try {
        await this.#sendOnce()
        if (journal.isFinished && this.#taken === journal.lastSequence) return journal.remove()
        if (this.#taken < journal.lastSequence) this.#bell.ring()
        await pause(this.#pace.gapMilliseconds, this.#stop.signal)
      } catch (error) {
        if (this.#stop.signal.aborted) break
        if (error instanceof Refused && isDisowning(error)) return this.#disown(error)
        this.#complain(error)
        this.#bell.ring()
        await this.#backOff.wait(this.#stop.signal).catch(() => {})
      }
    }
    journal.close()
  }

  async #sendOnce(): Promise<void> {
    const { journal, control, onCancel } = this.#options
    await journal.flush()
    const progress = this.#progress
    const isAsking = this.#isAsking
    const events = isAsking ? [] : journal.readAfter(this.#taken)
    if (!isAsking && events.length === 0 && !progress) return
    const valid = progressSchema.safeParse(progress).data ?? null
    const answer = await control.sendEvents({ run: journal.run, events, progress: valid }, this.#stop.signal)
    if (this.#progress === progress) this.#progress = null
    if (isAsking) this.#isAsking = false
    this.#take(answer, events.length)
    this.#uncomplain()
    if (answer.cancel) onCancel()
  }

  #take(answer: EventsAnswer, sent: number): void {
    const { journal } = this.#options
    if (answer.lastSequence > journal.lastSequence)
      throw new HttpUnreachable(`the control plane names event ${answer.lastSequence}, of ${journal.lastSequence} made`)
    const before = this.#taken
    this.#taken = answer.lastSequence
    if (sent > 0 && this.#taken === before) throw new HttpUnreachable('the control plane took none of the events')
    for (const waiter of this.#waiters) if (waiter.sequence <= this.#taken) waiter.resolve()
    this.#waiters = this.#waiters.filter((waiter) => waiter.sequence > this.#taken)
  }

  #disown(refusal: Refused): void {
    const { journal, log, onDisowned } = this.#options
    log('warn', `The control plane wants no events of ${runKey(journal.run)} any more: ${refusal.message}`)
    for (const waiter of this.#waiters) waiter.reject(refusal)
    journal.remove()
    onDisowned(refusal)
  }

  #complain(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error)
    if (text === this.#complaint) return
    this.#complaint = text
    const key = runKey(this.#options.journal.run)
    this.#options.log('warn', `Events of ${key} wait on disk and are sent again later: ${text}`)
  }

  #uncomplain(): void {
    this.#backOff.reset()
    if (!this.#complaint) return
    this.#complaint = ''
    this.#options.log('info', `The control plane takes events of ${runKey(this.#options.journal.run)} again.`)
  }
}

/** 422: an event that breaks a rule, which no repetition mends. Any other refusal may pass: a key accepted again, an upgrade. */
function isDisowning(refusal: Refused): boolean {
  return refusal.code === 'stale-attempt' || [404, 410, 422].includes(refusal.status)
}
