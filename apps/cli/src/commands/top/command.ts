import type { Command } from 'commander';
import type { ExitWith } from '../../exit-codes.ts';
import { count } from '../../options/numbers.ts';
import { serviceUrl } from '../../options/service.ts';
import { type TopOptions, top } from './top.ts';

export function addTop(program: Command, exitWith: ExitWith): void {
  program
    .command('top')
    .description('watch workers, lanes, jobs and speeds of a running service')
    .option('-s, --server <url>', 'service to use (default: SOTTO_SERVER, else the one on this machine)', serviceUrl)
    .option('--admin-key <key>', 'key that may use /admin (default: ADMIN_API_KEY, else API_KEY)')
    .option('--once', 'look once; so it does where the output is no terminal')
    .option('--json', 'print JSON')
    .option('--interval <seconds>', 'seconds between two looks', count, 2)
    .action(async (options: TopOptions) => exitWith(await top(options)));
}
