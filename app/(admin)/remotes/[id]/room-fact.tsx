import { formatBytes } from '@/components/format-bytes'
import { Fact } from '@/components/ui/fact-list'
import { forecastInWords } from '@/core/room/forecast'
import { getRoom } from '@/core/room/get-room'

/** How full the account behind a remote is, and when it will be full at the pace of the last weeks. */
export async function RoomFact({ connectionId }: { connectionId: string }) {
  const room = await getRoom(connectionId)
  if (!room) return null
  const { usedBytes, quotaBytes, forecast } = room
  return (
    <Fact label="Room">
      {formatBytes(usedBytes)} of {formatBytes(quotaBytes)} used
      {forecast && `, ${forecastInWords(forecast)}: it grows by ${formatBytes(forecast.bytesPerDay)} a day`}
    </Fact>
  )
}
