'use client'

import { Button, type ButtonProps } from '@/components/ui/button'
import { useFormState } from './action-form'

/** Sends the form around it; busy while its action is under way. */
export function SubmitButton({ variant = 'primary', ...props }: ButtonProps) {
  const { pending } = useFormState()
  return <Button type="submit" variant={variant} pending={pending} {...props} />
}
