/** How long a migration link may be valid. */
export const validTimes = [
  { hours: 1, words: '1 hour' },
  { hours: 8, words: '8 hours' },
  { hours: 24, words: '1 day' },
  { hours: 72, words: '3 days' },
  { hours: 168, words: '7 days' },
]
