/** One line of `doctor`. */
export type Finding = {
  level: 'ok' | 'warning' | 'problem'
  subject: string
  text: string
  action?: string | undefined
}

export function ok(subject: string, text: string): Finding {
  return { level: 'ok', subject, text }
}

export function warning(subject: string, text: string, action: string): Finding {
  return { level: 'warning', subject, text, action }
}

export function problem(subject: string, text: string, action?: string): Finding {
  return { level: 'problem', subject, text, action }
}
