import {
  Archive,
  BellRing,
  CalendarClock,
  HardDrive,
  House,
  type LucideIcon,
  PlugZap,
  RotateCcw,
  ScrollText,
  Server,
  Siren,
} from 'lucide-react'

/** The places of the dashboard, in the rail's order; `key` after `g` leads there. */
export const places: { href: string; label: string; icon: LucideIcon; key: string }[] = [
  { href: '/', label: 'Overview', icon: House, key: 'o' },
  { href: '/instances', label: 'Instances', icon: Server, key: 'i' },
  { href: '/plans', label: 'Plans', icon: CalendarClock, key: 'p' },
  { href: '/backups', label: 'Backups', icon: Archive, key: 'b' },
  { href: '/restores', label: 'Restores', icon: RotateCcw, key: 'r' },
  { href: '/remotes', label: 'Remotes', icon: HardDrive, key: 'm' },
  { href: '/connections', label: 'Connections', icon: PlugZap, key: 'c' },
  { href: '/incidents', label: 'Incidents', icon: Siren, key: 'n' },
  { href: '/alerts', label: 'Alerts', icon: BellRing, key: 'l' },
  { href: '/audit', label: 'Audit', icon: ScrollText, key: 'a' },
]
