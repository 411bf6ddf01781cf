import { z } from 'zod'
import { environmentSchema } from '@/protocol/names'
import type { ChannelRules } from './rules'

type Row = { severity: ChannelRules['severity']; environments: unknown; instanceIds: unknown; kinds: unknown }

/** The rules out of a channel's row. */
export function channelRulesOf({ severity, environments, instanceIds, kinds }: Row): ChannelRules {
  return {
    severity,
    environments: z.array(environmentSchema).catch([]).parse(environments),
    instanceIds: z.array(z.string()).catch([]).parse(instanceIds),
    kinds: z.array(z.string()).catch([]).parse(kinds),
  }
}
