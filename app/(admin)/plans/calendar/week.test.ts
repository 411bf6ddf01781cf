import { expect, it } from 'vitest'
import { weekOf } from './week'

const now = new Date('2027-03-10T12:00:00Z')
const chicago = 'America/Chicago'

it('begins on the Monday of the day asked for, and a day of a change of the clock has 23 hours', () => {
  const week = weekOf('2027-03-10', chicago, now)
  expect(week.from).toEqual(new Date('2027-03-08T06:00:00Z'))
  expect(week.days.map(({ begin, end }) => (end.getTime() - begin.getTime()) / 3_600_000)).toEqual([
    ...[24, 24, 24, 24, 24, 24, 23],
  ])
  expect([week.previous, week.next]).toEqual(['2027-03-01', '2027-03-15'])
})

it.each([undefined, 'nonsense', '2027-99-99', '1066-10-14'])('%s gives this week', (monday) => {
  expect(weekOf(monday, chicago, now).from).toEqual(new Date('2027-03-08T06:00:00Z'))
})
