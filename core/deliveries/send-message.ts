import { z } from 'zod'
import { type ChannelSecrets, unsealChannel } from '@/core/channels/channel-secrets'
import type { ChannelKind } from '@/core/channels/schema'
import { hmacSha256Hex } from '@/lib/crypto'
import { controlPlaneEnv } from '@/lib/env'
import { HttpUnreachable, sendGuarded } from '@/lib/http'
import { MailFailed, sendMail } from '@/lib/mail'
import { AddressRefused } from '@/lib/network-guard'
import { type Message, oneLine, shortened } from './message'
import { retryAfterMilliseconds } from './retry-after'
import { writeHtml } from './write-html'
import { writeMatrix } from './write-matrix'
import { writeNtfy } from './write-ntfy'
import { writeSlack } from './write-slack'
import { writeTeams } from './write-teams'
import { writeText } from './write-text'
import { type WebhookFacts, writeWebhook } from './write-webhook'

/** The other side did not take it. `message` is its answer or what stood in the way, for people, without secrets. */
export class NotDelivered extends Error {
  override readonly name = 'NotDelivered'
  /** `retryAfterMilliseconds`: the other side asked for so long a pause; null: it did not say */
  constructor(
    message: string,
    readonly retryAfterMilliseconds: number | null = null,
  ) {
    super(message)
  }
}

export type ChannelPlace = { id: string; kind: ChannelKind; settings: unknown; secrets: ChannelSecrets }
export type Parcel = WebhookFacts & { attempt: number; message: Message; content: unknown }

export function placeOfChannel(row: {
  id: string
  kind: ChannelKind
  settings: unknown
  secrets: string | null
}): ChannelPlace {
  return { id: row.id, kind: row.kind, settings: row.settings, secrets: unsealChannel(row) }
}

const timeoutSeconds = 15
const mostAnswerCharacters = 500

/** Sends a message and resolves to the other side's answer. Throws NotDelivered. */
export async function sendMessage(place: ChannelPlace, parcel: Parcel): Promise<string> {
  try {
    return inWords(await senders[place.kind](place, parcel), place.secrets)
  } catch (error) {
    if (error instanceof NotDelivered)
      throw new NotDelivered(inWords(error.message, place.secrets), error.retryAfterMilliseconds)
    if (error instanceof MailFailed || error instanceof HttpUnreachable || error instanceof AddressRefused)
      throw new NotDelivered(inWords(error.message, place.secrets))
    throw error
  }
}

const senders: Record<ChannelKind, (place: ChannelPlace, parcel: Parcel) => Promise<string>> = {
  email: sendEmail,
  slack: ({ secrets }, { message }) => post(secrets.url, JSON.stringify(writeSlack(message)), {}),
  teams: ({ secrets }, { message }) => post(secrets.url, JSON.stringify(writeTeams(message)), {}),
  matrix: sendMatrix,
  webhook: sendWebhook,
  ntfy: ({ settings, secrets }, { message }) =>
    post(
      z.object({ server: z.string() }).parse(settings).server,
      JSON.stringify(writeNtfy(secrets.topic ?? '', message)),
      {
        ...(secrets.token ? { authorization: `Bearer ${secrets.token}` } : {}),
      },
    ),
}

const mailSettings = z.object({
  host: z.string(),
  port: z.number(),
  security: z.enum(['tls', 'starttls', 'none']),
  user: z.string(),
  from: z.string(),
  to: z.array(z.string()),
})

async function sendEmail({ settings, secrets }: ChannelPlace, { id, message }: Parcel): Promise<string> {
  const { host, port, security, user, from, to } = mailSettings.parse(settings)
  const { publicUrl, alertNetworks } = controlPlaneEnv()
  const signIn = user ? { user, password: secrets.password ?? '' } : null
  return sendMail(
    { host, port, security, signIn, allowed: alertNetworks },
    {
      messageId: `<${id}@${new URL(publicUrl).hostname}>`,
      ...{ from, to, subject: `[Talekeeper] ${message.subject}` },
      ...{ text: writeText(message), html: writeHtml(message) },
      // no holiday note answers a machine (RFC 3834)
      headers: { 'Auto-Submitted': 'auto-generated', 'Talekeeper-Delivery': id },
    },
  )
}

/** The signature covers the time too, so that what was recorded cannot be sent once more later. */
function sendWebhook({ secrets }: ChannelPlace, parcel: Parcel): Promise<string> {
  const body = writeWebhook(parcel, parcel.message, parcel.content)
  const timestamp = String(Math.floor(Date.now() / 1000))
  return post(secrets.url, body, {
    'talekeeper-delivery': parcel.id,
    'talekeeper-attempt': String(parcel.attempt),
    'talekeeper-timestamp': timestamp,
    'talekeeper-signature': `v1=${hmacSha256Hex(secrets.key ?? '', `${timestamp}.${body}`)}`,
  })
}

const matrixSettings = z.object({ server: z.string(), room: z.string() })

/** The delivery's id is the transaction's: of two attempts of one message the server keeps one. */
function sendMatrix({ settings, secrets }: ChannelPlace, { id, message }: Parcel): Promise<string> {
  const { server, room } = matrixSettings.parse(settings)
  const path = `_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/m.room.message/${id}`
  const headers = { authorization: `Bearer ${secrets.token ?? ''}` }
  return send('PUT', `${server.replace(/\/+$/, '')}/${path}`, JSON.stringify(writeMatrix(message)), headers)
}

async function post(url: string | undefined, body: string, headers: Record<string, string>): Promise<string> {
  if (!url) throw new NotDelivered('The channel has no address: enter it again')
  return send('POST', url, body, headers)
}

async function send(method: 'POST' | 'PUT', url: string, body: string, extra: Record<string, string>): Promise<string> {
  const { status, headers, text } = await sendGuarded(url, {
    method,
    headers: { 'content-type': 'application/json', 'user-agent': 'Talekeeper', ...extra },
    ...{ body, timeoutSeconds, allowed: controlPlaneEnv().alertNetworks },
  })
  if (status >= 300 && status <= 399)
    throw new NotDelivered(`${status} It leads elsewhere, which is not followed: enter the address where it ends`)
  const answer = `${status} ${text}`.trim()
  if (status < 200 || status > 299) throw new NotDelivered(answer, retryAfterMilliseconds(headers['retry-after']))
  return answer
}

/** One bounded line, in which no secret is left that the other side repeated. */
function inWords(answer: string, secrets: ChannelSecrets): string {
  let text = oneLine(answer)
  for (const secret of Object.values(secrets)) if (secret.length >= 6) text = text.replaceAll(secret, '[secret]')
  return shortened(text, mostAnswerCharacters)
}
