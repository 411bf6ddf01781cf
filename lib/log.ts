import { pino } from 'pino'
import { commonEnv } from './env'

/** Structured log on stdout, one JSON line each. Well-known secret keys are blanked wherever they stand. */
export const log = pino({
  level: commonEnv().logLevel,
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  redact: {
    paths: [
      'password',
      'token',
      'connection',
      'secret',
      'authorization',
      '*.password',
      '*.token',
      '*.connection',
      '*.secret',
      '*.authorization',
    ],
    censor: '[secret]',
  },
})
