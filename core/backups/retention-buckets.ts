/** The day, ISO week, month and year that a moment lies in, by the calendar of an IANA time zone. */
export type Buckets = { daily: string; weekly: string; monthly: string; yearly: string }

const formats = new Map<string, Intl.DateTimeFormat>()

export function bucketsOf(at: Date, timeZone: string): Buckets {
  const [year = '', month = '', day = ''] = dayFormat(timeZone).format(at).split('-')
  return {
    daily: `${year}-${month}-${day}`,
    weekly: mondayOf(year, month, day),
    monthly: `${year}-${month}`,
    yearly: year,
  }
}

function dayFormat(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone)
  if (!format) {
    // the one locale that writes a date as 2027-03-01
    format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
    formats.set(timeZone, format)
  }
  return format
}

/** A week is named by its Monday, so that the days around New Year are not torn apart. */
function mondayOf(year: string, month: string, day: string): string {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7))
  return date.toISOString().slice(0, 10)
}
