import { Card } from '@/components/ui/card'
import { Fact, FactList } from '@/components/ui/fact-list'
import type { InstanceFacts } from '@/core/instances/get-instance'
import { Notes } from './notes'

/** Who answers for an instance, what is expected of its backups, and what people wrote down; nothing before anybody did. */
export function AboutCard({ instance }: { instance: InstanceFacts }) {
  const { ownerContact, rpoHours, rtoHours, timeZone, notes } = instance
  if (!ownerContact && !rpoHours && !rtoHours && !timeZone && !notes) return null
  return (
    <Card title="About">
      <div className="space-y-5">
        <FactList>
          {ownerContact && (
            <Fact label="Owner">
              <bdi>{ownerContact}</bdi>
            </Fact>
          )}
          {rpoHours && <Fact label="Work that may be lost (RPO)">{inHours(rpoHours)}</Fact>}
          {rtoHours && <Fact label="A restore may take (RTO)">{inHours(rtoHours)}</Fact>}
          {timeZone && <Fact label="Time zone of new plans">{timeZone}</Fact>}
        </FactList>
        {notes && <Notes text={notes} />}
      </div>
    </Card>
  )
}

function inHours(hours: number): string {
  return hours === 1 ? '1 hour' : `${hours} hours`
}
