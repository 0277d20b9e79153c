import type { Command } from 'commander';
import { type AdminOptions, addAdminOptions } from '../../connection/admin.ts';
import type { ExitWith } from '../../exit-codes.ts';
import { count, positiveNumber, wholeNumber } from '../../options/numbers.ts';
import { type CreateKeyOptions, createKey, listKeys, revokeKeys, rotateKey, rotateWebhookSecret } from './keys.ts';
import { showUsage, type UsageOptions } from './usage.ts';

export function addKeys(program: Command, exitWith: ExitWith): void {
  const keys = program.command('keys').description('manage the API keys of a running service');
  const command = (syntax: string, description: string, options?: { isDefault: boolean }) =>
    addAdminOptions(keys.command(syntax, options).description(description));
  command('list', 'list all keys, oldest first', { isDefault: true }).action(async (options: AdminOptions) =>
    exitWith(await listKeys(options)),
  );
  command('create <name>', 'create a key and print its secret')
    .option('--scopes <list>', 'of transcribe, read, metrics, admin (default: transcribe,read)')
    .option('--requests-per-minute <n>', 'limit of requests that create work', wholeNumber)
    .option('--concurrent-jobs <n>', 'limit of unfinished jobs', wholeNumber)
    .option('--queued-minutes <n>', 'limit of audio minutes that are not transcribed yet', positiveNumber)
    .option('--held-bytes <n>', 'limit of bytes on disk: open uploads and unfinished recordings', wholeNumber)
    .option('--open-uploads <n>', 'limit of unfinished resumable uploads', wholeNumber)
    .option('--minutes-per-day <n>', 'audio minutes in a day (UTC)', positiveNumber)
    .option('--minutes-per-month <n>', 'audio minutes in a calendar month (UTC)', positiveNumber)
    .option('--characters-per-day <n>', 'characters of texts that are spoken in a day (UTC)', count)
    .option('--characters-per-month <n>', 'the same in a calendar month', count)
    .option('--models <list>', 'models it may use, separated by commas')
    .option('--max-duration <seconds>', 'longest recording, instead of MAX_DURATION', positiveNumber)
    .option('--weight <n>', 'share of the workers, compared with keys of weight 1', positiveNumber)
    .option('--raise-priority', 'it may ask for priority=interactive')
    .option('--keep', 'its transcriptions are kept in the library, unless a request says otherwise')
    .option('--webhook-url <url>', 'address that is told of its quotas and of the end of its jobs')
    .option('--expires <time>', 'when it expires, such as 2030-01-01T00:00:00Z')
    .action(async (name: string, options: CreateKeyOptions) => exitWith(await createKey(name, options)));
  command('rotate <id>', 'give a key a new secret and print it')
    .option('--grace <seconds>', 'how long the old secret still works', wholeNumber)
    .action(async (id: string, options: AdminOptions & { grace?: number }) => exitWith(await rotateKey(id, options)));
  command('webhook-secret <id>', 'give the webhooks of a key a new secret and print it')
    .option('--grace <seconds>', 'how long the old secret still signs as well', wholeNumber)
    .action(async (id: string, options: AdminOptions & { grace?: number }) =>
      exitWith(await rotateWebhookSecret(id, options)),
    );
  command('usage', 'show what keys have used, by day')
    .option('--from <day>', 'first day, such as 2030-01-01 (default: 30 days ago)')
    .option('--to <day>', 'last day (default: today, UTC)')
    .option('--csv', 'print CSV')
    .option('--by-voice', 'show what voices have spoken instead')
    .action(async (options: UsageOptions) => exitWith(await showUsage(options)));
  command('revoke <id...>', 'revoke keys for good').action(async (ids: string[], options: AdminOptions) =>
    exitWith(await revokeKeys(ids, options)),
  );
}
