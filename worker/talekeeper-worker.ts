import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { programVersion } from '@/engine/program-version'
import { backup } from './commands/backup'
import { checkmk } from './commands/checkmk'
import { doctor } from './commands/doctor'
import { enroll } from './commands/enroll'
import { printError } from './commands/print'
import { type RestoreOptions, restore } from './commands/restore'
import { run } from './commands/run'
import type { AloneOptions } from './commands/run-alone'
import { defaultStateFolder, type GlobalOptions, rootPolicyFile, settingsOf } from './commands/settings'
import { engine } from './fileserver/engine'

/** Exit codes: 0 done, 1 failed or problems found, 2 wrong usage. */
const wrongUsage = 2

const program = new Command('talekeeper-worker')
  .description('Backs up and restores a Whole Tale instance from one of its hosts.')
  .version(programVersion)
  .option('--state <folder>', 'where this worker keeps its key, reports and parts on their way', defaultStateFolder)
  .option(
    '--policy <file>',
    `what this host allows (default: ${rootPolicyFile} for root, else policy.json in the state folder)`,
  )
  .option('--spool <folder>', 'for parts on their way (default: spool in the state folder)')
  .option(
    '--mongodb-tools <folder>',
    'folder with mongodump and mongorestore, besides PATH; may be repeated',
    collect,
    [],
  )
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })

withAllowOptions(program.command('enroll'))
  .description('Make this host a worker of an instance, with the one-time token that the dashboard shows.')
  .requiredOption('--url <address>', 'of the control plane')
  .requiredOption('--token-file <file>', 'with the token; - reads it from stdin')
  .action((_, command: Command) => {
    const options = command.optsWithGlobals<GlobalOptions & Parameters<typeof enroll>[0]>()
    return enroll(options, settingsOf(options))
  })

program
  .command('run')
  .description('Take work from the control plane until stopped. Needs no terminal.')
  .addOption(new Option('--heartbeat <seconds>', 'between signs of life').default(15).argParser(seconds).hideHelp())
  .action(async (_, command: Command) => {
    const options = command.optsWithGlobals<GlobalOptions & { heartbeat: number }>()
    await run({ heartbeatSeconds: options.heartbeat }, settingsOf(options), engine)
  })

program
  .command('doctor')
  .description('Check programs, folders, policy, control plane and Redis, and say what to do.')
  .option('--json', 'for programs', false)
  .action(async (_, command: Command) => {
    const options = command.optsWithGlobals<GlobalOptions & { json: boolean }>()
    process.exitCode = await doctor(options, settingsOf(options))
  })

program
  .command('backup')
  .description('Make one backup as a file says, without a control plane: complete, but unsigned.')
  .requiredOption('--spec <file>', 'what to back up, and where to')
  .option('--json', 'for programs: one JSON object a line', false)
  .action(async (_, command: Command) => {
    const options = command.optsWithGlobals<GlobalOptions & AloneOptions>()
    process.exitCode = await backup(options, settingsOf(options))
  })

withAllowOptions(program.command('restore'))
  .description('Restore one backup as a file says, and compare it with its manifest; or end a restore in place.')
  .option('--from-link <file>', 'with a migration link, which makes this fresh host a worker; - reads it from stdin')
  .option('--spec <file>', 'which backup to restore, and where to')
  .option('--in-place', 'the file says what stands there is to be exchanged, and kept beside', false)
  .option('--remote-config <file>', 'instead of --spec: an rclone.conf, for a restore beside without any dashboard')
  .option('--remote <name:folder>', 'section of that file, and the base folder of the backups')
  .option('--backup <path>', 'such as wt-prod/20261123/060000Z-nightly; left out: lists what is there')
  .option(
    '--recovery-kit <file>',
    'tells by its keys that the backup is genuine; its passphrase is asked for, or read from stdin',
  )
  .option('--unsigned', 'take the backup as it lies there, whoever wrote it')
  .option('--artifact <name...>', 'only these, such as files.tar.zst')
  .option('--to <folder>', 'restore into this folder, which must not exist yet')
  .option('--mongodb-file <file>', 'holds the connection string of the MongoDB to restore to')
  .option('--database-prefix <prefix>', 'put before the name of each database')
  .option('--resume <id>', 'go forward with a restore in place that is half-way')
  .option('--roll-back <id>', 'put back what stood there before a restore in place')
  .option('--drop <id>', 'remove what a restore in place keeps beside')
  .option('--json', 'for programs: one JSON object a line', false)
  .action(async (_, command: Command) => {
    const options = command.optsWithGlobals<GlobalOptions & RestoreOptions>()
    process.exitCode = await restore(options, settingsOf(options), engine)
  })

program
  .command('checkmk')
  .description(
    'Print how the instance’s backups stand, as a local check of Checkmk. Goes critical by itself when the dashboard is away.',
  )
  .action(async (_, command: Command) => {
    const options = command.optsWithGlobals<GlobalOptions>()
    await checkmk(settingsOf(options))
  })

/** For the commands that make a host a worker. */
function withAllowOptions(command: Command): Command {
  return command
    .option('--allow-source <path...>', 'backups may read what lies at or below', [])
    .option('--allow-restore <path...>', 'restores may write below, besides the scratch folder of this worker', [])
    .option('--allow-local-remote <path...>', 'remotes may be folders of this host below', [])
    .option('--allow-in-place-restore', 'restores may replace what lies below the sources, keeping it beside', false)
    .option('--allow-mongodb', 'MongoDB may be dumped and restored', false)
    .option('--allow-mongodb-image <image...>', 'Docker images whose programs may dump MongoDB', [])
    .option(
      '--force',
      'even when this host is enrolled already; replaces the policy file when --allow options are given',
      false,
    )
}

function collect(value: string, previous: string[]): string[] {
  return [...previous, value]
}

function seconds(text: string): number {
  const value = Number(text)
  if (value > 0 && value <= 3600) return value
  throw new InvalidArgumentError('It must be a number of seconds.')
}

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : wrongUsage
  else {
    printError(error)
    process.exitCode = 1
  }
}
// a connection that is still closing, or a child that does not listen, must not keep the process
process.exit()
