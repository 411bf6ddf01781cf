import { Bytes } from '@/components/bytes'

/** Free and total space where parts wait for their upload. Workers of an older protocol do not tell the total. */
export function SpoolDisk({ freeBytes, totalBytes }: { freeBytes: bigint; totalBytes: bigint }) {
  if (totalBytes === 0n)
    return (
      <>
        <Bytes value={freeBytes} /> free
      </>
    )
  const usedPercent = Number(((totalBytes - freeBytes) * 100n) / totalBytes)
  return (
    <div className="max-w-52 space-y-1.5">
      <p>
        <Bytes value={freeBytes} /> free of <Bytes value={totalBytes} />
      </p>
      <meter
        className="block h-2 w-full"
        aria-label="Used"
        min={0}
        max={100}
        high={90}
        optimum={0}
        value={usedPercent}
        title={`${usedPercent} % used`}
      />
    </div>
  )
}
