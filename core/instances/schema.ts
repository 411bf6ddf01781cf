import { z } from 'zod'
import { displayNameSchema, environmentSchema, slugSchema } from '@/protocol/names'

/** The slug is the instance's folder on every remote: chosen once, never changed. */
export const createInstanceSchema = z.object({
  slug: slugSchema,
  name: displayNameSchema,
  environment: environmentSchema,
})

export const updateInstanceSchema = createInstanceSchema.omit({ slug: true })

export const deleteInstanceSchema = z.object({ typedName: z.string().trim().max(200) })
