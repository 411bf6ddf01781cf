import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestDatabase } from '@/scripts/test-database'
import { createIncident } from '@/scripts/test-rows'
import { listDestinations } from './list-destinations'

/** Promise: the command palette leads to every open incident by its title, and to none that is over. */

let database: Awaited<ReturnType<typeof openTestDatabase>>
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

it('finds open incidents', async () => {
  const { db } = database
  await createIncident(db)
  const { id } = await createIncident(db)
  await db.incident.update({ where: { id }, data: { closedAt: null, title: 'The remote “Box” does not work' } })
  const { destinations } = await listDestinations({ mayRun: false })
  expect(destinations.filter(({ kind }) => kind === 'incident')).toEqual([
    { kind: 'incident', label: 'The remote “Box” does not work', hint: 'warning', href: `/incidents/${id}` },
  ])
})
