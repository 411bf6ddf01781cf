import { z } from 'zod'
import { displayNameSchema, slugSchema } from '@/protocol/names'
import { providerIds } from './providers/provider'

/** `common` and the like, a directory's id, or its domain; it becomes part of an address */
const tenantSchema = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,99}$/, 'Enter “common”, the directory’s id, or its domain.')

export const settingsSchema = z.object({ tenant: tenantSchema.optional() })

const blankIsAbsent = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional())

const clientIdSchema = z
  .string()
  .trim()
  .min(1, 'Enter the client id.')
  .max(300)
  .regex(/^[\x21-\x7e]+$/, 'A client id has no spaces.')
const clientSecretSchema = z
  .string()
  .trim()
  .min(1, 'Enter the client secret.')
  .max(1024)
  .regex(/^[\x21-\x7e]+$/, 'A client secret has no spaces.')

const common = { slug: slugSchema, name: displayNameSchema, provider: z.enum(providerIds) }
/** A connection that a person signs in for, on the web or elsewhere. */
export const personInputSchema = z.object({
  ...common,
  clientId: clientIdSchema,
  clientSecret: clientSecretSchema,
  tenant: blankIsAbsent(tenantSchema),
})
export type PersonInput = z.infer<typeof personInputSchema>

/** A connection that signs in by a key file. */
export const serviceInputSchema = z.object({
  ...common,
  service: z.enum(['ccg', 'jwt', 'service-account']),
  key: z.string().min(1, 'Paste the key file.').max(65_536),
})
export type ServiceInput = z.infer<typeof serviceInputSchema>

/** What may be changed later; an empty secret keeps the saved one. */
export const editInputSchema = z.object({
  name: displayNameSchema,
  clientId: clientIdSchema,
  clientSecret: blankIsAbsent(clientSecretSchema),
  tenant: blankIsAbsent(tenantSchema),
})
export type EditInput = z.infer<typeof editInputSchema>
