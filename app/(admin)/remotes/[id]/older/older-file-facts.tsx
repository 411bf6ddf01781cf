import { formatBytes } from '@/components/format-bytes'
import { Card } from '@/components/ui/card'
import { Fact, FactList } from '@/components/ui/fact-list'
import { type OlderFile, olderPathOf } from '@/core/restores/older-file'
import { olderWords } from '@/core/restores/older-words'

/** What is known of a file of the older scripts before it is read. */
export function OlderFileFacts({ file }: { file: OlderFile }) {
  const { holds, verified, neverHeld } = olderWords(file)
  return (
    <Card title="1. What">
      <FactList>
        <Fact label="File">
          <span className="break-all font-mono text-xs">{olderPathOf(file)}</span>, {formatBytes(file.bytes)}
        </Fact>
        <Fact label="Holds, by its name">{holds}</Fact>
        <Fact label="Can be verified">{verified}</Fact>
        {neverHeld && <Fact label="Missing">{neverHeld}</Fact>}
      </FactList>
    </Card>
  )
}
