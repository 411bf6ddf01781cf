import { describe, expect, it } from 'vitest'
import { backupsHref } from './filter'
import { filterOf, readSearch } from './read-search'

describe('the filter in the address', () => {
  it('reads what can be read, names the rest in words, and never fails', () => {
    const { search, ignored } = readSearch({
      instance: 'wt-prod',
      state: 'exploded',
      environment: ['testing', 'production'],
      from: '2026-02-30',
      zone: 'Middle/Earth',
      page: '-3',
      plan: '',
      'made-up': '1',
      q: '  100 % ',
    })
    expect(search).toEqual({ instance: 'wt-prod', q: '100 %' })
    expect(ignored).toEqual(['environment', 'state', 'from', 'time zone', 'page'])
    expect(readSearch({ from: '2026-03-02', to: '2026-03-01' }).ignored).toEqual(['to (it is before from)'])
  })

  it('comes back from its own address', () => {
    const search = { q: 'a&b=c', state: 'failed', from: '2026-03-01', zone: 'America/Chicago', sort: 'size' } as const
    const query = new URL(backupsHref(search), 'http://localhost').searchParams
    expect(readSearch(Object.fromEntries(query))).toEqual({ search, ignored: [] })
  })

  it('takes days as they begin and end in the zone, also on the days when its clock changes', () => {
    const days = (from: string, to: string, zone?: string) => {
      const filter = filterOf({ from, to, ...(zone ? { zone } : {}) })
      return [filter.from?.toISOString(), filter.until?.toISOString()]
    }
    expect(days('2027-03-28', '2027-03-28', 'Europe/Berlin')).toEqual([
      '2027-03-27T23:00:00.000Z',
      '2027-03-28T22:00:00.000Z',
    ])
    // there, clocks jump from midnight to one
    expect(days('2027-04-30', '2027-04-30', 'Africa/Cairo')).toEqual([
      '2027-04-29T22:00:00.000Z',
      '2027-04-30T21:00:00.000Z',
    ])
    expect(days('2027-01-01', '2027-01-02', 'Pacific/Kiritimati')[0]).toBe('2026-12-31T10:00:00.000Z')
    expect(days('2027-01-01', '2027-01-01')).toEqual(['2027-01-01T00:00:00.000Z', '2027-01-02T00:00:00.000Z'])
  })
})
