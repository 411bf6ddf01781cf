import type { RcloneFailure } from '@/lib/rclone'
import { Problem, type ProblemFacts } from '@/protocol/problem'
import type { Remote } from '@/protocol/remotes'

type Words = Pick<ProblemFacts, 'code' | 'text' | 'action'>

/** What a failure of rclone means to a person: what is wrong with this remote, and what to do about it. */
export function toRemoteProblem(failure: RcloneFailure, remote: Remote): Problem {
  return new Problem({ ...wordsOf(failure, remote), where: placeOf(remote) }, { cause: failure })
}

/** A remote named for people: where it is, without any secret. */
export function placeOf(remote: Remote): string {
  switch (remote.backend) {
    case 'local':
      return remote.baseFolder
    case 'sftp':
      return `sftp://${remote.options.host}:${remote.options.port}/${remote.baseFolder.replace(/^\//, '')}`
    case 'box':
    case 'drive':
    case 'dropbox':
    case 'onedrive':
      return `${remote.backend} ${remote.baseFolder}`
    case 'webdav':
      return `${withoutUser(remote.options.url)} ${remote.baseFolder}`
    case 's3':
      return `s3 ${remote.options.endpoint ? `${withoutUser(remote.options.endpoint)} ` : ''}${remote.baseFolder}`
    default:
      return `${remote.backend} ${remote.options.host ? `${remote.options.host} ` : ''}${remote.baseFolder}`
  }
}

function withoutUser(address: string): string {
  const url = new URL(address)
  return `${url.protocol}//${url.host}${url.pathname}`.replace(/\/$/, '')
}

function wordsOf(failure: RcloneFailure, remote: Remote): Words {
  switch (failure.reason) {
    case 'reconnect-needed':
      return reconnectWords
    case 'token-refused':
      return {
        code: 'remote-token-refused',
        text: 'The provider did not take its own access token: somebody ended it early.',
        action: 'Look at the remote’s connection. If it happens again, reconnect it.',
      }
    case 'access-over':
      return {
        code: 'remote-access-over',
        text: 'The dashboard gives this run no access to the remote any more: it counts as ended there.',
        action: 'Look at the run in the dashboard, and start it again.',
      }
    case 'provider-away':
      return {
        code: 'remote-provider-away',
        text: 'The provider of this remote gave no access token.',
        action: 'Try again later. If it lasts, look at the connection’s page in the dashboard.',
      }
    case 'wrong-credentials':
      return {
        code: 'remote-wrong-password',
        text: 'The remote does not accept the user name, password or key.',
        action: 'Enter them again in the remote’s settings, then test the remote.',
      }
    case 'wrong-host-key':
      return {
        code: 'remote-wrong-host-key',
        text: 'The server shows another host key than the one in the remote’s settings.',
        action:
          'Find out whether the server was set up anew. If so, enter every key that `ssh-keyscan` shows for it; if not, somebody may be listening in between.',
      }
    case 'bad-private-key':
      return {
        code: 'remote-bad-private-key',
        text: 'The private key in the remote’s settings cannot be read.',
        action: 'Enter an unencrypted private key in PEM, from its BEGIN line to its END line.',
      }
    case 'untrusted-certificate':
      return {
        code: 'remote-untrusted-certificate',
        text: 'The certificate of the remote is not trusted on this worker’s host.',
        action:
          'Check the address. If the remote uses a certificate authority of your own, name its file in EXTRA_CA_FILE.',
      }
    case 'unreachable':
      return {
        code: 'remote-unreachable',
        text: 'The remote could not be reached from this worker.',
        action: 'Check host name, port and firewall, and that the service is running there.',
      }
    case 'busy':
      return {
        code: 'remote-busy',
        text: 'The remote asks for a pause: it had too many requests, or is out of service for the moment.',
        action: 'Try again later.',
      }
    case 'denied':
      return {
        code: 'remote-denied',
        text: 'The remote refuses this: it is read-only, or this account may not do it in this folder.',
        action: 'Give the account the right to list, write and delete in the base folder.',
      }
    case 'full':
      return {
        code: 'remote-full',
        text: 'The remote is full, or its quota is used up.',
        action: 'Make room there, raise the quota, or keep backups for fewer days.',
      }
    case 'file-too-large':
      return {
        code: 'remote-file-too-large',
        text: 'The remote takes no file of this size.',
        action: 'Choose smaller parts in the plan; the connection’s page shows the largest file of its account.',
      }
    case 'bucket-missing':
      return {
        code: 'remote-bucket-missing',
        text: `The bucket ${remote.baseFolder.split('/')[0]} does not exist.`,
        action: 'Create the bucket, or correct the base folder: it begins with the bucket’s name.',
      }
    case 'not-found':
      return {
        code: 'remote-not-found',
        text: 'A file or folder that should be there is missing on the remote.',
        action: 'Check the base folder, and whether somebody moved or deleted files there.',
      }
    case 'local-full':
      return spoolFullWords
    case 'too-long':
      return {
        code: 'remote-too-much',
        text: 'The remote answers with more than Talekeeper is ready to read: a folder with very many files, or a file that is too large.',
        action: 'Look at the folder on the remote, and remove what does not belong there.',
      }
    case 'unknown':
      return {
        code: 'remote-failed',
        text: `The remote did not do what was asked. It said: ${failure.detail || 'nothing'}`,
        action: 'Test the remote. If the message does not help, look at the remote’s own log.',
      }
  }
}

export const reconnectWords: Words = {
  code: 'remote-reconnect-needed',
  text: 'The connection of this remote must be reconnected: its provider no longer takes the sign-in.',
  action: 'Open the connection in the dashboard and reconnect it. Remotes and plans stay as they are.',
}

export const spoolFullWords: Words = {
  code: 'spool-full',
  text: 'The disk that holds the spool is full.',
  action:
    'Free some space on the worker’s disk, move its state folder to a larger one, or choose smaller parts in the plan.',
}
