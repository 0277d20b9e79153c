import type { Command } from 'commander';
import type { ExitWith } from '../../exit-codes.ts';
import { positiveNumber, wholeNumber } from '../../options/numbers.ts';
import { serviceUrl } from '../../options/service.ts';
import type { AdminOptions } from './admin.ts';
import { type CreateKeyOptions, createKey, listKeys, revokeKeys, rotateKey, rotateWebhookSecret } from './keys.ts';
import { showUsage, type UsageOptions } from './usage.ts';

export function addKeys(program: Command, exitWith: ExitWith): void {
  const keys = program.command('keys').description('API keys of a running service');
  const command = (syntax: string, description: string, options?: { isDefault: boolean }) =>
    keys
      .command(syntax, options)
      .description(description)
      .option('-s, --server <url>', 'the service (also SOTTO_SERVER)', serviceUrl)
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
