import { strangerRoute } from '@/app/api/worker/worker-route'
import { redeemMigration } from '@/core/migrations/redeem-migration'
import { describeSelf } from '@/core/workers/describe-self'
import { redeemMigrationRequestSchema } from '@/protocol/worker-api'

export const POST = strangerRoute(redeemMigrationRequestSchema, async (body, caller) =>
  describeSelf(await redeemMigration(body, caller)),
)
