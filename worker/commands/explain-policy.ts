import type { Policy } from '@/protocol/policy'

/** What the policy file means, a sentence each. */
export function explainPolicy(policy: Policy): string[] {
  const remotes = policy.backends.filter((backend) => backend !== 'local')
  return [
    policy.sourceRoots.length
      ? `Backups may read what lies at or below: ${policy.sourceRoots.join(', ')}`
      : 'Backups may read no files of this host.',
    policy.mongodb ? 'MongoDB may be dumped, and restored beside what is there.' : 'MongoDB is not touched.',
    ...(policy.mongodb && policy.mongodbImages?.length
      ? [`MongoDB may be dumped by programs of these Docker images: ${policy.mongodbImages.join(', ')}`]
      : []),
    policy.restoreRoots.length
      ? `Restores may write below: ${policy.restoreRoots.join(', ')}`
      : 'Restores may write nowhere on this host.',
    policy.inPlaceRestore ? 'Restores may replace live data in place.' : 'Restores never replace live data in place.',
    policy.backends.includes('local') && policy.localRemoteRoots.length
      ? `Remotes may be folders of this host below: ${policy.localRemoteRoots.join(', ')}`
      : 'Remotes cannot be folders of this host.',
    remotes.length ? `Remotes elsewhere may be: ${remotes.join(', ')}` : 'Remotes elsewhere are not allowed.',
  ]
}
