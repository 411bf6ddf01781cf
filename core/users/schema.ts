import { z } from 'zod'
import { displayNameSchema } from '@/protocol/names'

/** Compared in lower case, so that one person has one account. */
const emailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, 'An e-mail address has at most 254 characters.')
  .pipe(z.email('Enter an e-mail address, such as ada@example.org.'))

/** Long rather than odd: length is what stops guessing. */
const passwordSchema = z
  .string()
  .min(12, 'Use at least 12 characters.')
  .max(200, 'A password has at most 200 characters.')
  .refine((password) => new Set(password).size >= 5, 'Use more different characters.')

export const signInSchema = z.object({
  email: z.string().trim().toLowerCase().min(1, 'Enter your e-mail address.').max(254, 'That is too long.'),
  password: z.string().min(1, 'Enter your password.').max(200, 'That is too long.'),
})

const newPassword = { password: passwordSchema, passwordAgain: z.string() }

function isSameTwice(input: { password: string; passwordAgain: string }): boolean {
  return input.password === input.passwordAgain
}
const twice = { error: 'The two passwords differ.', path: ['passwordAgain'] }

/** of the first administrator */
export const firstRunSchema = z
  .object({ name: displayNameSchema, email: emailSchema, ...newPassword })
  .refine(isSameTwice, twice)
  .refine((input) => !input.password.toLowerCase().includes(input.email.split('@')[0] ?? input.email), {
    error: 'A password may not contain your e-mail name.',
    path: ['password'],
  })

/** of an administrator who lost theirs */
export const recoverySchema = z
  .object({ userId: z.uuid('Choose an account.'), ...newPassword })
  .refine(isSameTwice, twice)

export const changePasswordSchema = z
  .object({ currentPassword: z.string().min(1, 'Enter your present password.').max(200), ...newPassword })
  .refine(isSameTwice, twice)
