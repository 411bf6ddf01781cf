import type { ChannelKind } from '@/core/channels/schema'

export const channelKindNames: Record<ChannelKind, string> = {
  email: 'E-mail',
  slack: 'Slack or Mattermost',
  teams: 'Microsoft Teams',
  matrix: 'Matrix',
  webhook: 'Webhook',
  ntfy: 'ntfy',
}
