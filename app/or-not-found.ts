import { notFound } from 'next/navigation'
import { Problem } from '@/protocol/problem'

/** What `finding` finds; the 404 page where it throws a Problem `not-found` or `…-not-found`. */
export async function orNotFound<T>(finding: Promise<T>): Promise<T> {
  try {
    return await finding
  } catch (error) {
    if (error instanceof Problem && /(^|-)not-found$/.test(error.code)) notFound()
    throw error
  }
}
