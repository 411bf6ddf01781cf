import { controlPlaneEnv } from '@/lib/env'
import { changesMessage } from './message'
import { sampleContent } from './sample-content'
import { writeHtml } from './write-html'
import { writeMatrix } from './write-matrix'
import { writeNtfy } from './write-ntfy'
import { writeSlack } from './write-slack'
import { writeTeams } from './write-teams'
import { writeText } from './write-text'
import { writeWebhook } from './write-webhook'

/** The example message as each kind of channel writes it. */
export function previewMessages(now = new Date()) {
  const content = sampleContent(now)
  const message = changesMessage(content, controlPlaneEnv().publicUrl)
  const facts = { id: '00000000-0000-4000-8000-000000000000', kind: 'test' as const, createdAt: now }
  return {
    subject: `[Talekeeper] ${message.subject}`,
    html: writeHtml(message),
    text: writeText(message),
    slack: writeSlack(message),
    teams: writeTeams(message),
    matrix: writeMatrix(message),
    ntfy: writeNtfy('topic', message),
    webhook: JSON.stringify(JSON.parse(writeWebhook(facts, message, content)), null, 2),
  }
}
export type MessagePreview = ReturnType<typeof previewMessages>
