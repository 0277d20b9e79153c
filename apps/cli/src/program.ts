import { VERSION } from '@sotto/runtime';
import { QUANTISATIONS } from '@sotto/whisper';
import { Command, Option } from 'commander';
import { addCompletion } from './command-line/completion.ts';
import { addJobs } from './command-line/jobs.ts';
import { positiveNumber, wholeNumber } from './command-line/numbers.ts';
import { addTranscribe, addWatch } from './command-line/transcribe.ts';
import { doctor } from './commands/doctor.ts';
import {
  type AdminOptions,
  type CreateKeyOptions,
  createKey,
  listKeys,
  revokeKeys,
  rotateKey,
  rotateWebhookSecret,
  showUsage,
  type UsageOptions,
} from './commands/keys.ts';
import { type ImportModelOptions, importModels, installModels, listModels, removeModels } from './commands/models.ts';
import { type UpOptions, up } from './commands/up.ts';
import type { ExitCode } from './exit-codes.ts';

const EXIT_CODES_TEXT = `
Exit status:
  0    all is well
  1    something failed: a recording, a check, a start
  2    the command line or the configuration cannot be used
  3    the service cannot be reached or turns us away
  4    a file cannot be read; nothing was sent
  130  interrupted
`;

/** The command line. Each command ends with an exit status, given to `exitWith`. */
export function buildProgram(exitWith: (code: ExitCode) => void): Command {
  const program = new Command('sotto')
    .description('Turns recordings into text on machines you own.')
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError('(see --help)')
    .addHelpText('after', EXIT_CODES_TEXT);
  addUp(program, exitWith);
  addTranscribe(program, exitWith);
  addWatch(program, exitWith);
  addJobs(program, exitWith);
  addModels(program, exitWith);
  addKeys(program, exitWith);
  program
    .command('doctor')
    .description('look at everything Sotto needs on this machine')
    .action(async () => exitWith(await doctor()));
  addCompletion(program, exitWith);
  return program;
}

function addUp(program: Command, exitWith: (code: ExitCode) => void): void {
  program
    .command('up')
    .description('run the whole service here until Ctrl-C (what npm start ends in)')
    .option('--no-self-test', 'do not transcribe the bundled sample first')
    .addOption(
      new Option('--watch', 'start the API and the worker anew when their sources change').default(false).hideHelp(),
    )
    .action(async (options: UpOptions) => exitWith(await up(options)));
}

function addModels(program: Command, exitWith: (code: ExitCode) => void): void {
  const models = program.command('models').description('models on this machine');
  models
    .command('list', { isDefault: true })
    .description('what is installed')
    .option('-a, --all', 'and what could be', false)
    .action(async (options: { all: boolean }) => exitWith(await listModels(options)));
  models
    .command('install <name...>')
    .description('fetch models of the catalog')
    .action(async (names: string[]) => exitWith(await installModels(names)));
  models
    .command('import <folder>')
    .description('take a faster-whisper (CTranslate2) or Hugging Face model, fine-tuned ones too')
    .option('-n, --name <name>', 'name to ask for it by; that of the folder when not given')
    .addOption(new Option('-q, --quantize <type>', 'store the weights smaller').choices(QUANTISATIONS))
    .option('--no-self-test', 'do not load and try the model before it gets its name')
    .option('--force', 'replace a model of that name', false)
    .action(async (folder: string, options: ImportModelOptions) => exitWith(await importModels(folder, options)));
  models
    .command('remove <name...>')
    .description('delete models')
    .action(async (names: string[]) => exitWith(await removeModels(names)));
}

function addKeys(program: Command, exitWith: (code: ExitCode) => void): void {
  const keys = program.command('keys').description('API keys of a running service');
  const command = (syntax: string, description: string, options?: { isDefault: boolean }) =>
    keys
      .command(syntax, options)
      .description(description)
      .option('-s, --server <url>', 'the service (also SOTTO_SERVER)')
      .option('--admin-key <key>', 'what opens its /admin (also ADMIN_API_KEY, API_KEY)');
  command('list', 'all of them, oldest first', { isDefault: true }).action(async (options: AdminOptions) =>
    exitWith(await listKeys(options)),
  );
  command('create <name>', 'make one; its secret goes to stdout')
    .option('--scopes <list>', 'of transcribe, read, admin; default: transcribe,read')
    .option('--requests-per-minute <n>', 'requests that create work', wholeNumber)
    .option('--concurrent-jobs <n>', 'jobs not done yet', wholeNumber)
    .option('--queued-minutes <n>', 'minutes of sound not transcribed yet', positiveNumber)
    .option('--minutes-per-day <n>', 'minutes of sound in a day (UTC)', positiveNumber)
    .option('--minutes-per-month <n>', 'minutes of sound in a calendar month (UTC)', positiveNumber)
    .option('--models <list>', 'those it may use')
    .option('--max-duration <seconds>', 'of one recording, in place of MAX_DURATION', positiveNumber)
    .option('--weight <n>', 'share of the workers, against keys of weight 1', positiveNumber)
    .option('--raise-priority', 'it may ask for priority=interactive')
    .option('--webhook-url <url>', 'told of its quotas, and of the end of its jobs')
    .option('--expires <time>', 'such as 2030-01-01T00:00:00Z')
    .action(async (name: string, options: CreateKeyOptions) => exitWith(await createKey(name, options)));
  command('rotate <id>', 'give it a new secret, which goes to stdout')
    .option('--grace <seconds>', 'the old secret still works for so long', wholeNumber)
    .action(async (id: string, options: AdminOptions & { grace?: number }) => exitWith(await rotateKey(id, options)));
  command('webhook-secret <id>', 'give its webhooks a new secret, which goes to stdout')
    .option('--grace <seconds>', 'the old secret signs too for so long', wholeNumber)
    .action(async (id: string, options: AdminOptions & { grace?: number }) =>
      exitWith(await rotateWebhookSecret(id, options)),
    );
  command('usage', 'what keys used, by day')
    .option('--from <day>', 'such as 2030-01-01; default: 30 days ago')
    .option('--to <day>', 'default: today (UTC)')
    .option('--csv', 'as CSV')
    .action(async (options: UsageOptions) => exitWith(await showUsage(options)));
  command('revoke <id...>', 'end them for good').action(async (ids: string[], options: AdminOptions) =>
    exitWith(await revokeKeys(ids, options)),
  );
}
